import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { DirectoryReader } from "../../../../src/registry/store/layout/directory_reader.ts";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import { IndexFile } from "../../../../src/registry/store/layout/index_file.ts";
import {
  type Edit,
  IndexWriter,
} from "../../../../src/registry/store/layout/index_writer.ts";
import { withoutTag } from "../../../../src/registry/store/layout/rows.ts";
import { LayoutSession } from "../../../../src/registry/store/layout/session.ts";
import { describe, noise } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

const [one, two] = [1, 2].map((seed) =>
  describe("a/b", noise(10, seed)).descriptor
);

/** A writer in a new layout, and what the index says. */
async function writing(path: string, options = {}) {
  const files = new LayoutFiles(path);
  const indexFile = new IndexFile(files);
  const reader = new DirectoryReader(files, indexFile);
  const read = () => Promise.reject(new Error("no list is asked for"));
  const writer = new IndexWriter({
    files,
    indexFile,
    reader,
    read,
    ...options,
  });
  const session = await LayoutSession.enter(files);
  await writer.make(session);
  return {
    writer,
    change: (edit: Edit) => writer.change(session, edit),
    rows: async () =>
      (await reader.fresh())?.index.rows.map(({ name, descriptor }) =>
        `${name}=${descriptor.digest}`
      ),
    [Symbol.asyncDispose]: () =>
      session.leave(new Set(), () => Promise.resolve()),
  };
}

Deno.test("IndexWriter makes changes one after another, a failed one not", async () => {
  await using dir = await tempDir();
  await using layout = await writing(dir.path);
  const { writer, change, rows } = layout;
  const failed = rejects(
    change(() => Promise.reject(new Error("not this one"))),
    /not this one/,
  );
  await Promise.all([
    change((index) => writer.named(index, one!, "a")),
    failed,
    change((index) => writer.named(index, two!, "b")),
    change((index) => withoutTag(index, "a")),
  ]);
  deepStrictEqual(await rows(), [`b=${two!.digest}`]);
  deepStrictEqual([...writer.orphans], [one!.digest]);
});

Deno.test("IndexWriter writes nothing where nothing changes", async () => {
  await using dir = await tempDir();
  await using layout = await writing(dir.path);
  const { writer, change } = layout;
  await change((index) => writer.named(index, one!, "a"));
  const { ino, mtime } = await Deno.stat(`${dir.path}/index.json`);
  await change((index) => writer.named(index, one!, "a"));
  const after = await Deno.stat(`${dir.path}/index.json`);
  deepStrictEqual([after.ino, after.mtime], [ino, mtime]);
});

Deno.test("IndexWriter keeps a nameless row of what lost its tag where asked", async () => {
  await using dir = await tempDir();
  await using layout = await writing(dir.path, { keepUntagged: true });
  const { writer, change, rows } = layout;
  await change((index) => writer.named(index, one!, "a"));
  await change((index) => writer.named(index, two!, "a"));
  deepStrictEqual(await rows(), [`a=${two!.digest}`, `=${one!.digest}`]);
  strictEqual(writer.orphans.size, 0);
});

Deno.test("IndexWriter makes the layout anew where somebody has removed it", async () => {
  await using dir = await tempDir();
  await using layout = await writing(dir.path);
  await Deno.remove(`${dir.path}/oci-layout`);
  await layout.change((index) => layout.writer.named(index, one!, "a"));
  deepStrictEqual(await layout.rows(), [`a=${one!.digest}`]);
});
