import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../../src/base/errors.ts";
import { fromBytes } from "../../../../src/base/streams.ts";
import { list } from "../../../../src/registry/store/layout/file_system.ts";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import { describe, noise } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

Deno.test("LayoutFiles.locate() refuses what leads out and follows what stays inside", async () => {
  await using dir = await tempDir();
  const root = `${dir.path}/layout`;
  const files = new LayoutFiles(root);
  await files.makeDirectory("blobs", "sha256");
  await Deno.symlink(`${root}/blobs`, `${root}/inside`);
  await Deno.symlink(dir.path, `${root}/outside`);
  strictEqual(
    await files.locate(`${root}/inside/sha256`),
    await Deno.realPath(`${root}/blobs/sha256`),
  );
  for (const path of ["outside", "outside/layout/..", ".."]) {
    await rejects(
      files.locate(`${root}/${path}`),
      (error) => isRegError(error, "denied"),
    );
  }
  await rejects(
    files.makeDirectory("outside", "new"),
    (error) => isRegError(error, "denied"),
  );
  strictEqual(await files.locate(`${root}/none`), undefined);
  deepStrictEqual((await Array.fromAsync(list(dir.path))).map((e) => e.name), [
    "layout",
  ]);
});

Deno.test("LayoutFiles.blobPath() takes digests only", () => {
  const files = new LayoutFiles("/layout");
  const hex = "0".repeat(64);
  strictEqual(files.blobPath(`sha256:${hex}`), `/layout/blobs/sha256/${hex}`);
  for (const bad of ["sha256:..", `md5:${"0".repeat(32)}`, `../x:${hex}`, ""]) {
    let message = "";
    try {
      files.blobPath(bad);
    } catch (error) {
      message = String(error);
    }
    strictEqual(/digest/.test(message), true);
  }
});

Deno.test("LayoutFiles.read() reads no more than its limit, and no directory", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(dir.path);
  await Deno.writeFile(files.path("file"), new Uint8Array(11));
  await rejects(
    files.read(files.path("file"), 10),
    (error) => isRegError(error, "limit"),
  );
  strictEqual((await files.read(files.path("file"), 11))?.length, 11);
  await files.makeDirectory("folder");
  strictEqual(await files.read(files.path("folder"), 10), undefined);
});

Deno.test("LayoutFiles.write() finishes a whole part without asking for the body", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(dir.path);
  const { descriptor: node, bytes } = describe("a/b", noise(2_000_000, 1));
  const parts = await files.makeDirectory(".regkit", "parts");
  await Deno.writeFile(`${parts}/${node.digest.replace(":", "-")}`, bytes);
  await files.write(node, () => Promise.reject(new Error("asked")));
  strictEqual(await files.blobSize(node.digest), node.size);
  deepStrictEqual(await Array.fromAsync(list(parts)), []);
});

Deno.test("LayoutFiles.write() follows no link that lies in wait for a part", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(`${dir.path}/layout`);
  const { descriptor: node, bytes } = describe("a/b", noise(100, 1));
  const parts = await files.makeDirectory(".regkit", "parts");
  await Deno.writeTextFile(`${dir.path}/victim`, "mine");
  await Deno.symlink(
    `${dir.path}/victim`,
    `${parts}/${node.digest.replace(":", "-")}`,
  );
  await files.write(node, () => Promise.resolve(fromBytes(bytes)));
  strictEqual(await Deno.readTextFile(`${dir.path}/victim`), "mine");
  strictEqual(await files.blobSize(node.digest), 100);
});

Deno.test("LayoutFiles.write() takes a blob of unknown size", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(dir.path);
  const { descriptor: node, bytes } = describe("a/b", noise(100, 1));
  await files.write(
    { ...node, size: -1 },
    () => Promise.resolve(fromBytes(bytes)),
  );
  strictEqual(await files.blobSize(node.digest), 100);
});

Deno.test("LayoutFiles makes its directories anew where somebody has removed them", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(`${dir.path}/layout`);
  for (const size of [100, 100_000]) {
    for (const seed of [1, 2]) {
      const { descriptor, bytes } = describe("a/b", noise(size, seed));
      await files.write(descriptor, () => Promise.resolve(fromBytes(bytes)));
      strictEqual(await files.blobSize(descriptor.digest), size);
      await Deno.remove(files.root, { recursive: true });
    }
  }
  await files.replace(files.path("file"), noise(5, 1));
  strictEqual((await Deno.readFile(files.path("file"))).length, 5);
});

Deno.test("LayoutFiles follows a link of a blob that stays inside, and no other", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(`${dir.path}/layout`);
  const made = [1, 2, 3].map((seed) => describe("a/b", noise(10, seed)));
  const [first, second, third] = made.map(({ descriptor }) => descriptor);
  await files.writeBytes(first!.digest, made[0]!.bytes);
  const outside = `${dir.path}/secret`;
  await Deno.writeTextFile(outside, "0123456789");
  await Deno.symlink(
    files.blobPath(first!.digest),
    files.blobPath(second!.digest),
  );
  await Deno.symlink(outside, files.blobPath(third!.digest));
  strictEqual(await files.blobSize(second!.digest), 10);
  const denied = (error: unknown) => isRegError(error, "denied");
  await rejects(files.blobSize(third!.digest), denied);
  await rejects(files.openBlob(third!.digest), denied);
  await rejects(files.read(files.blobPath(third!.digest), 99), denied);
});
