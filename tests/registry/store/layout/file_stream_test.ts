import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { collect } from "../../../../src/base/streams.ts";
import {
  fileStream,
  FileWriter,
  readChunks,
} from "../../../../src/registry/store/layout/file_stream.ts";
import { noise } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

Deno.test("fileStream() gives the whole file or a part of it, and closes it", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/file`;
  const bytes = noise(700_000, 1);
  await Deno.writeFile(path, bytes);
  for (
    const [start, end] of [
      [0, undefined],
      [10, undefined],
      [300_000, 600_001],
      [
        5,
        5,
      ],
      [699_999, 800_000],
    ] as const
  ) {
    const file = await Deno.open(path);
    deepStrictEqual(
      await collect(await fileStream(file, { start, end }), 1e6),
      bytes.subarray(start, end),
    );
    await rejects(file.stat(), Deno.errors.BadResource);
  }
});

Deno.test("fileStream() closes the file when it is cancelled", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/file`;
  await Deno.writeFile(path, noise(700_000, 1));
  const file = await Deno.open(path);
  const stream = await fileStream(file);
  await stream.cancel();
  await rejects(file.stat(), Deno.errors.BadResource);
});

Deno.test("FileWriter writes chunks of any size in order", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/file`;
  const bytes = noise(1_000_003, 2);
  {
    using file = await Deno.open(path, { write: true, create: true });
    const writer = new FileWriter(file, "file");
    let at = 0;
    for (let size = 1; at < bytes.length; size *= 3) {
      const chunk = bytes.slice(at, at + size);
      await writer.write(chunk);
      chunk.fill(0);
      at += size;
    }
    await writer.flush();
  }
  deepStrictEqual(await Deno.readFile(path), bytes);
  using file = await Deno.open(path);
  let size = 0;
  for await (const chunk of readChunks(file)) size += chunk.length;
  strictEqual(size, bytes.length);
});

Deno.test("FileWriter tells of a failed write", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  using file = await Deno.open(`${dir.path}/file`, { read: true });
  const writer = new FileWriter(file, "file");
  await writer.write(noise(10, 1));
  await rejects(writer.flush());
});

Deno.test({
  name: "FileWriter names the file for which there is no room",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using file = await Deno.open("/dev/full", { write: true });
    const writer = new FileWriter(file, "dir/file");
    await writer.write(noise(10, 1));
    await rejects(writer.flush(), {
      code: "file",
      message: /^Cannot write "dir\/file": No space left on device/,
    });
  },
});
