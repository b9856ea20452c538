import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isRegError } from "../../../src/base/errors.ts";
import { packDirectory } from "../../../src/registry/layers/pack.ts";
import { unpackInto } from "../../../src/registry/layers/unpack.ts";
import { TYPE } from "../../../src/registry/tar/header.ts";
import { type NewEntry, writeTar } from "../../../src/registry/tar/writer.ts";
import { tempDir } from "../../support/temp.ts";

const file = (name: string, text = name, more = {}): NewEntry => {
  const body = new TextEncoder().encode(text);
  return { header: { name, size: body.length, ...more }, body: [body] };
};
const link = (name: string, linkname: string, type: string = TYPE.symlink) => ({
  header: { name, linkname, type },
});
const unpack = (root: string, ...entries: NewEntry[]) =>
  unpackInto(root, ReadableStream.from(writeTar(entries)));

async function* walk(root: string, below = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${below}`)) {
    yield below + name;
    if (isDirectory) yield* walk(root, `${below}${name}/`);
  }
}

Deno.test("unpackInto() brings back what packDirectory() packed", async () => {
  await using dir = await tempDir();
  const [from, to] = [`${dir.path}/from`, `${dir.path}/to`];
  await Deno.mkdir(`${from}/d/e`, { recursive: true });
  await Deno.writeTextFile(`${from}/d/e/f`, "hello");
  await Deno.symlink("d/e/f", `${from}/l`);
  await Deno.chmod(`${from}/d/e/f`, 0o640);
  await Deno.utime(`${from}/d/e/f`, 1000, 2000);
  await Deno.utime(`${from}/d/e`, 1000, 3000);
  await Deno.chmod(`${from}/d/e`, 0o500);
  const pack = async (root: string) =>
    await new Response(ReadableStream.from(packDirectory(root))).bytes();
  const bytes = await pack(from);
  await unpackInto(to, new Blob([bytes]).stream());
  // A link's own time cannot be set.
  strictEqual(await Deno.readLink(`${to}/l`), "d/e/f");
  for (const root of [from, to]) await Deno.remove(`${root}/l`);
  await Deno.utime(`${from}/d`, 1, 1);
  await Deno.utime(`${to}/d`, 1, 1);
  deepStrictEqual(await pack(to), await pack(from));
  for (const root of [from, to]) await Deno.chmod(`${root}/d/e`, 0o700);
});

Deno.test("unpackInto() refuses names and links that lead out, and leaves nothing there", async () => {
  const cases: readonly (readonly NewEntry[])[] = [
    [file("../x")],
    [file("a/../../x")],
    [file("..\\x")],
    [file("..")],
    [link("l", "../x")],
    [link("l", "/etc")],
    [link("a/l", "../../x")],
    [link("h", "../outside/secret", TYPE.link)],
    [file("d/t/x"), link("h", "d", TYPE.link)],
    // Each link alone stays inside, one through the other does not.
    [
      file("p/q/r/f"),
      link("p/q/r/t", "../../.."),
      link("u", "p/q/r/t/../outside"),
    ],
    // The second link turns the first one around.
    [link("u", "p/t/../outside"), link("p/t", "..")],
    [link("u", "p/t/../nothing"), link("p/t", "..")],
  ];
  for (const entries of cases) {
    await using dir = await tempDir();
    await Deno.mkdir(`${dir.path}/outside`);
    await Deno.writeTextFile(`${dir.path}/outside/secret`, "s");
    await rejects(
      unpack(`${dir.path}/root`, ...entries),
      (error) => isRegError(error, "denied"),
      JSON.stringify(entries.map(({ header }) => header)),
    );
    const left = (await Array.fromAsync(walk(dir.path)))
      .filter((name) => !name.startsWith("root"));
    deepStrictEqual(left, ["outside", "outside/secret"]);
  }
});

Deno.test("unpackInto() writes through no link that was there before", async () => {
  await using dir = await tempDir();
  const root = `${dir.path}/root`;
  await Deno.mkdir(root);
  await Deno.writeTextFile(`${dir.path}/victim`, "mine");
  await Deno.mkdir(`${dir.path}/folder`);
  await Deno.symlink(`${dir.path}/victim`, `${root}/file`);
  await Deno.symlink(`${dir.path}/folder`, `${root}/dir`);
  await unpack(root, file("file", "new"));
  strictEqual(await Deno.readTextFile(`${dir.path}/victim`), "mine");
  strictEqual(await Deno.readTextFile(`${root}/file`), "new");
  await rejects(
    unpack(root, file("dir/x")),
    (error) => isRegError(error, "denied"),
  );
  // An entry for the directory itself takes the link's place.
  await unpack(root, {
    header: { name: "dir/", type: TYPE.directory, mode: 0o755 },
  }, file("dir/x"));
  deepStrictEqual(
    await Array.fromAsync(Deno.readDir(`${dir.path}/folder`)),
    [],
  );
});

Deno.test("unpackInto() makes hard links and missing parents, drops set-id bits, lets later entries win", async () => {
  await using dir = await tempDir();
  const root = `${dir.path}/root`;
  await unpack(
    root,
    { header: { name: "", type: TYPE.paxGlobal, pax: new Map([["a", "b"]]) } },
    file("deep/er/file", "one", { mode: 0o4755 }),
    link("hard", "./deep/er/file", TYPE.link),
    file("twice", "first"),
    file("twice", "second"),
    { header: { name: "./", type: TYPE.directory, mode: 0 } },
  );
  const info = await Deno.stat(`${root}/deep/er/file`);
  strictEqual(info.nlink, 2);
  strictEqual((info.mode ?? 0) & 0o7777, 0o755);
  strictEqual(await Deno.readTextFile(`${root}/hard`), "one");
  strictEqual(await Deno.readTextFile(`${root}/twice`), "second");
});

Deno.test("unpackInto() refuses devices and truncated archives", async () => {
  await using dir = await tempDir();
  await rejects(
    unpack(dir.path, { header: { name: "null", type: TYPE.character } }),
    (error) => isRegError(error, "unsupported"),
  );
  const tar = await new Response(ReadableStream.from(writeTar([file("a")])))
    .bytes();
  await rejects(
    unpackInto(dir.path, new Blob([tar.slice(0, 513)]).stream()),
    (error) => isRegError(error, "invalid"),
  );
});

Deno.test("unpackInto() touches nothing outside for any archive of names and links", async () => {
  const name = fc.array(fc.constantFrom("a", "b", "..", ".", ""), {
    minLength: 1,
    maxLength: 4,
  }).map((parts) => parts.join("/"));
  const entry = fc.oneof(
    name.map((name) => file(name, "x")),
    fc.tuple(name, name).map(([name, to]) => link(name, to)),
    fc.tuple(name, name).map(([name, to]) => link(name, to, TYPE.link)),
    name.map((name) => ({
      header: { name: `${name}/`, type: TYPE.directory, mode: 0o755 },
    })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
      await using dir = await tempDir();
      await Deno.mkdir(`${dir.path}/a`);
      await Deno.writeTextFile(`${dir.path}/b`, "mine");
      const root = `${dir.path}/to/a`;
      const error = await unpack(root, ...entries).catch((error) => error);
      strictEqual(
        error === undefined || isRegError(error),
        true,
        String(error),
      );
      strictEqual(await Deno.readTextFile(`${dir.path}/b`), "mine");
      const outside = (await Array.fromAsync(walk(dir.path)))
        .filter((name) => !name.startsWith("to/a/"));
      deepStrictEqual(outside.sort(), ["a", "b", "to", "to/a"]);
    }),
    { numRuns: 150 },
  );
});
