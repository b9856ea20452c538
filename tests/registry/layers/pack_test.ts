import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { packDirectory } from "../../../src/registry/layers/pack.ts";
import { readTar } from "../../../src/registry/tar/reader.ts";
import { tempDir } from "../../support/temp.ts";

async function pack(
  path: string,
  options: Parameters<typeof packDirectory>[1] = {},
) {
  return await new Response(ReadableStream.from(packDirectory(path, options)))
    .bytes();
}

Deno.test("packDirectory() gives entries in order, links as links, times in seconds", async () => {
  await using dir = await tempDir();
  const root = `${dir.path}/root`;
  await Deno.mkdir(`${root}/b/sub`, { recursive: true });
  await Deno.writeTextFile(`${root}/b/sub/file`, "hello");
  await Deno.writeTextFile(`${root}/é`, "");
  await Deno.writeTextFile(`${root}/B`, "x");
  await Deno.chmod(`${root}/B`, 0o2741);
  await Deno.utime(`${root}/B`, 5, 1577934245.9);
  await Deno.symlink("b/sub", `${root}/a`);
  const { uid, gid } = await Deno.stat(root);
  await Deno.writeTextFile(
    `${dir.path}/users`,
    `me:x:${uid}:1::/:\nyou:x:${uid}:1\n`,
  );
  await Deno.writeTextFile(`${dir.path}/groups`, `us:x:${gid}:\n`);
  const options = { users: `${dir.path}/users`, groups: `${dir.path}/groups` };
  const bytes = await pack(root, options);
  const entries = await Array.fromAsync(readTar(new Blob([bytes]).stream()));
  deepStrictEqual(
    entries.map(({ header: h }) => [h.name, h.type, h.size, h.linkname]),
    [
      ["B", "0", 1, ""],
      ["a", "2", 0, "b/sub"],
      ["b", "5", 0, ""],
      ["b/sub", "5", 0, ""],
      ["b/sub/file", "0", 5, ""],
      ["é", "0", 0, ""],
    ],
  );
  const [first] = entries;
  strictEqual(first?.header.mode, 0o2741);
  strictEqual(first?.header.mtime, 1577934245_000000000n);
  strictEqual(first?.header.uname, "me");
  strictEqual(first?.header.gname, "us");
  deepStrictEqual(await pack(root, options), bytes);
  const [prefixed] = await Array.fromAsync(
    readTar(
      ReadableStream.from(packDirectory(root, { ...options, prefix: "p/" })),
    ),
  );
  strictEqual(prefixed?.header.name, "p/B");
});

Deno.test("packDirectory() says what it cannot pack", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await rejects(
    pack(`${dir.path}/none`),
    (error) => isRegError(error, "not_found"),
  );
  await rejects(pack(`${dir.path}/file`), /it is no directory/);
});
