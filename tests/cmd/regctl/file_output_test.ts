import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fileOf, writeFile } from "../../../src/cmd/regctl/file_output.ts";
import { tempDir } from "../../support/temp.ts";

const { signal } = new AbortController();

Deno.test("writeFile() leaves no file when the stream breaks", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/out`;
  const broken = ReadableStream.from((function* () {
    yield new Uint8Array(10);
    throw new Error("broken");
  })());
  await rejects(() => writeFile(path, broken, { signal }), {
    code: "file",
    message: /Cannot write .*broken/,
  });
  strictEqual(await Deno.stat(path).then(() => true, () => false), false);
});

Deno.test("writeFile() names the file that it cannot make", async () => {
  await using dir = await tempDir();
  await rejects(
    () => writeFile(`${dir.path}/no/out`, new Blob(["x"]).stream(), { signal }),
    { code: "file", message: /no\/out/ },
  );
});

Deno.test("writeFile() leaves what it cannot write to where it is", async () => {
  await using dir = await tempDir();
  const folder = `${dir.path}/empty`;
  await Deno.mkdir(folder);
  const body = new Blob(["x"]).stream();
  await rejects(() => writeFile(folder, body, { signal }), { code: "file" });
  strictEqual((await Deno.stat(folder)).isDirectory, true);
});

Deno.test("writeFile() removes no device", async () => {
  await using dir = await tempDir();
  const device = `${dir.path}/null`;
  await Deno.symlink("/dev/null", device);
  const broken = ReadableStream.from((function* () {
    yield new Uint8Array(1);
    throw new Error("broken");
  })());
  await rejects(() => writeFile(device, broken, { signal }), { code: "file" });
  strictEqual((await Deno.lstat(device)).isSymlink, true);
});

Deno.test("fileOf() knows the standard output by no name, the dash, and its own", () => {
  strictEqual([undefined, "-", "/dev/stdout"].some(fileOf), false);
  deepStrictEqual(["", "./-", "a"].map(fileOf), ["", "./-", "a"]);
});
