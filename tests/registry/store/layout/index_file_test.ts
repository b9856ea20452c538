import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import { IndexFile } from "../../../../src/registry/store/layout/index_file.ts";
import {
  EMPTY_INDEX,
  makeRow,
  withRow,
} from "../../../../src/registry/store/layout/rows.ts";
import { image, writeLayout } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

/** A layout with a row, and what changes its index as others would. */
async function layout(path: string) {
  await writeLayout(path, await image(), "v1");
  const index = new IndexFile(new LayoutFiles(path));
  const file = `${path}/index.json`;
  const names = async () =>
    (await index.read())?.index.rows.map(({ name }) => name);
  const write = async (tag: string, age: number) => {
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace(/"v\d"/, `"${tag}"`));
    await Deno.utime(file, new Date(), new Date(Date.now() - age));
  };
  return { index, names, write, file };
}

Deno.test("IndexFile.read() sees each change, also one that leaves size and time", async () => {
  await using dir = await tempDir();
  const { names, write } = await layout(dir.path);
  for (const tag of ["v2", "v3", "v4"]) {
    await write(tag, 0);
    deepStrictEqual(await names(), [tag]);
  }
  for (const [tag, age] of [["v5", 60_000], ["v6", 50_000]] as const) {
    await write(tag, age);
    deepStrictEqual(await names(), [tag]);
  }
});

Deno.test("IndexFile parses an index once while it says the same", async () => {
  await using dir = await tempDir();
  const { index, write } = await layout(dir.path);
  await write("v1", 60_000);
  const first = (await index.read())?.index;
  strictEqual((await index.read())?.index, first);
  await write("v1", 30_000);
  strictEqual((await index.read())?.index, first);
  strictEqual((await index.fresh())?.index, first);
  index.forget();
  strictEqual((await index.read())?.index === first, false);
});

Deno.test("IndexFile.fresh() trusts no look", async () => {
  await using dir = await tempDir();
  const { index, write, file } = await layout(dir.path);
  await write("v1", 60_000);
  const { mtime } = await Deno.stat(file);
  await index.read();
  await write("v2", 0);
  await Deno.utime(file, mtime!, mtime!); // as if it were the same
  strictEqual((await index.fresh())?.index.rows[0]?.name, "v2");
});

Deno.test("IndexFile.replace() writes what is read then, also by others", async () => {
  await using dir = await tempDir();
  const { index, names } = await layout(dir.path);
  const { root } = await image();
  const next = withRow(EMPTY_INDEX, makeRow(root, "v7", new Date(0)));
  await index.replace(next);
  deepStrictEqual(await names(), ["v7"]);
  strictEqual((await index.read())?.index, next);
  const other = await new IndexFile(new LayoutFiles(dir.path)).read();
  deepStrictEqual(other?.bytes, (await index.read())?.bytes);
});

Deno.test("IndexFile gives nothing where there is no file", async () => {
  await using dir = await tempDir();
  const { index, file } = await layout(dir.path);
  await index.read();
  await Deno.remove(file);
  strictEqual(await index.read(), undefined);
  strictEqual(await index.fresh(), undefined);
});
