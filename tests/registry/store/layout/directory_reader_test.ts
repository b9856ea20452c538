import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { DirectoryReader } from "../../../../src/registry/store/layout/directory_reader.ts";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import { IndexFile } from "../../../../src/registry/store/layout/index_file.ts";
import { image, writeLayout } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

function readerOf(path: string): DirectoryReader {
  const files = new LayoutFiles(path);
  return new DirectoryReader(files, new IndexFile(files));
}

Deno.test("DirectoryReader knows when the layout has gone", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/layout`;
  await writeLayout(path, await image(), "v1");
  const reader = readerOf(path);
  strictEqual(await reader.isLayout(), true);
  strictEqual((await reader.index())?.index.rows.length, 1);
  await Deno.remove(path, { recursive: true });
  strictEqual(await reader.index(), undefined);
  strictEqual(await reader.fresh(), undefined);
  strictEqual(await reader.isLayout(), false);
});

Deno.test("DirectoryReader reads a layout without an index as an empty one", async () => {
  await using dir = await tempDir();
  await writeLayout(dir.path, await image(), "v1");
  const reader = readerOf(dir.path);
  await reader.index();
  await Deno.remove(`${dir.path}/index.json`);
  deepStrictEqual((await reader.index())?.index.rows, []);
});

Deno.test("DirectoryReader says what is wrong with an index when it is asked for", async () => {
  await using dir = await tempDir();
  await writeLayout(dir.path, await image(), "v1");
  await Deno.writeTextFile(`${dir.path}/index.json`, "{");
  const reader = readerOf(dir.path);
  await reader.look();
  strictEqual(await reader.isLayout(), true);
  await rejects(reader.index(), /index[.]json/);
});
