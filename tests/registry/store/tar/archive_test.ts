import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import zlib from "node:zlib";
import { isRegError } from "../../../../src/base/errors.ts";
import { fromBytes } from "../../../../src/base/streams.ts";
import { TarArchive } from "../../../../src/registry/store/tar/archive.ts";
import { TYPE } from "../../../../src/registry/tar/header.ts";
import {
  type NewEntry,
  writeTar,
} from "../../../../src/registry/tar/writer.ts";
import { noise } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

const file = (name: string, body: Uint8Array): NewEntry => ({
  header: { name, size: body.length },
  body: [body],
});
const link = (name: string, linkname: string, type: string): NewEntry => ({
  header: { name, linkname, type },
});
const pack = async (...entries: NewEntry[]) =>
  await new Response(ReadableStream.from(writeTar(entries))).bytes();

Deno.test("TarArchive follows links inside, and none out of it", async () => {
  const bytes = await pack(
    file("dir/file", noise(100, 1)),
    link("dir/beside", "file", TYPE.symlink),
    link("up", "./dir/../dir/file", TYPE.symlink),
    link("hard", "dir/file", TYPE.link),
    link("twice", "up", TYPE.symlink),
    link("out", "../../etc/passwd", TYPE.symlink),
    link("root", "/etc/passwd", TYPE.symlink),
    link("loop", "loop", TYPE.symlink),
    file("../outside", noise(1, 1)),
    file("/absolute", noise(1, 1)),
  );
  await using archive = await TarArchive.open(fromBytes(bytes));
  for (const name of ["dir/file", "dir/beside", "up", "hard", "twice"]) {
    strictEqual(archive.size(name), 100, name);
  }
  const names = ["out", "root", "loop", "dir", "outside", "../outside"];
  for (const name of [...names, "absolute", "/absolute", "etc/passwd"]) {
    strictEqual(archive.size(name), undefined, name);
    strictEqual(await archive.open(name), undefined);
  }
});

Deno.test("TarArchive gives the last file of a name, and parts of it", async () => {
  const bytes = await pack(
    file("a", noise(700, 1)),
    file("b", noise(5, 2)),
    file("./a", noise(600, 3)),
  );
  await using archive = await TarArchive.open(fromBytes(bytes));
  const read = async (start?: number, end?: number) => {
    const stream = await archive.open("a", { start, end });
    return await new Response(stream).bytes();
  };
  deepStrictEqual(await read(), noise(600, 3));
  deepStrictEqual(await read(10, 20), noise(600, 3).slice(10, 20));
  deepStrictEqual(await read(590, 9999), noise(600, 3).slice(590));
  deepStrictEqual(await read(9999), new Uint8Array());
});

Deno.test("TarArchive reads a plain file where it is, and unpacks others beside", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/archive.tar`;
  const bytes = await pack(file("a", noise(100_000, 1)));
  await Deno.writeFile(path, bytes);
  await Deno.writeFile(`${path}.gz`, zlib.gzipSync(bytes));
  for (
    const [input, unpacked] of [[path, []], [`${path}.gz`, [
      "archive.tar",
    ]]] as const
  ) {
    await using archive = await TarArchive.open(input, { temporary: dir.path });
    const files = await Array.fromAsync(Deno.readDir(archive.directory));
    deepStrictEqual(files.map(({ name }) => name), unpacked);
    strictEqual(archive.size("a"), 100_000);
  }
  const left = (await Array.fromAsync(Deno.readDir(dir.path))).length;
  strictEqual(left, 2);
});

Deno.test("TarArchive leaves nothing of an archive that is broken, truncated or too large", async () => {
  await using dir = await tempDir();
  const bytes = await pack(file("a", noise(5000, 1)), file("b", noise(10, 1)));
  const path = `${dir.path}/archive.tar`;
  await Deno.writeFile(path, bytes.slice(0, 3000));
  const broken = noise(5000, 1);
  const cases = [
    [path, {}, "invalid"],
    [fromBytes(bytes.slice(0, 3000)), {}, "invalid"],
    [fromBytes(broken), {}, "invalid"],
    [fromBytes(bytes), { maxBytes: 4000 }, "limit"],
    [`${dir.path}/none`, {}, "not_found"],
  ] as const;
  for (const [input, limits, code] of cases) {
    await rejects(
      TarArchive.open(input, { temporary: dir.path, ...limits }),
      (error) => isRegError(error, code),
      code,
    );
  }
  const left = (await Array.fromAsync(Deno.readDir(dir.path)))
    .map(({ name }) => name);
  deepStrictEqual(left, ["archive.tar"]);
});
