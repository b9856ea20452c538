import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { DirectoryReader } from "../../../../src/registry/store/layout/directory_reader.ts";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import { image, writeLayout } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

/** A layout with a row, and what changes its index as others would. */
async function layout(path: string) {
  await writeLayout(path, await image(), "v1");
  const reader = new DirectoryReader(new LayoutFiles(path));
  const file = `${path}/index.json`;
  const names = async () =>
    (await reader.index())?.index.rows.map(({ name }) => name);
  const write = async (tag: string, age: number) => {
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace(/"v\d"/, `"${tag}"`));
    await Deno.utime(file, new Date(), new Date(Date.now() - age));
  };
  return { reader, names, write, file };
}

Deno.test("DirectoryReader.index() sees each change, also one that leaves size and time", async () => {
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

Deno.test("DirectoryReader.index() reads an index once while it stays as it is", async () => {
  await using dir = await tempDir();
  const { reader, write } = await layout(dir.path);
  await write("v1", 60_000);
  const first = await reader.index();
  strictEqual(await reader.index(), first);
  reader.forget();
  strictEqual(await reader.index() === first, false);
});

Deno.test("DirectoryReader.fresh() trusts nothing that it remembers", async () => {
  await using dir = await tempDir();
  const { reader, write, file } = await layout(dir.path);
  await write("v1", 60_000);
  const { mtime } = await Deno.stat(file);
  await reader.index();
  await write("v2", 0);
  await Deno.utime(file, mtime!, mtime!); // as if it were the same
  strictEqual((await reader.fresh())?.index.rows[0]?.name, "v2");
});

Deno.test("DirectoryReader knows when the layout has gone", async () => {
  await using dir = await tempDir();
  const { reader } = await layout(dir.path);
  strictEqual(await reader.isLayout(), true);
  await reader.index();
  await Deno.remove(dir.path, { recursive: true });
  strictEqual(await reader.index(), undefined);
  strictEqual(await reader.isLayout(), false);
  await Deno.mkdir(dir.path);
});
