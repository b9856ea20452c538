import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { folderOf, repositoriesIn } from "../../src/serve/folder_names.ts";
import { tempDir } from "../support/temp.ts";

const part = fc.oneof(
  fc.constantFrom("blobs", "index.json", "oci-layout", "sha256", "app"),
  fc.stringMatching(/^[a-z0-9]{1,6}(?:(?:[._]|__|-{1,2})[a-z0-9]{1,3})?$/),
);
const name = fc.array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("/"));

Deno.test("folderOf() puts no repository into what another's layout keeps", () => {
  fc.assert(fc.property(name, name, (one, other) => {
    const layout = folderOf("/data", one);
    for (const own of ["blobs", "index.json", "oci-layout", ".regkit"]) {
      const folder = folderOf("/data", other);
      strictEqual(`${folder}/`.startsWith(`${join(layout, own)}/`), false);
    }
  }));
});

Deno.test("folderOf() gives each name a folder of its own, below the root", () => {
  fc.assert(fc.property(name, name, (one, other) => {
    const folder = folderOf("/data", one);
    strictEqual(folder.startsWith("/data/"), true);
    strictEqual(folder === folderOf("/data", other), one === other);
  }));
});

Deno.test("repositoriesIn() finds exactly the layouts, by their names", async () => {
  await using dir = await tempDir();
  const names = ["app", "app/blobs/x", "app/index.json", "a.b/c__d", "blobs"];
  for (const name of names) {
    const folder = folderOf(dir.path, name);
    await Deno.mkdir(join(folder, "blobs", "sha256"), { recursive: true });
    await Deno.writeTextFile(join(folder, "oci-layout"), "{}");
  }
  for (const other of ["Upper", ".uploads", "a..b", "_x", "app/-x"]) {
    const file = join(dir.path, other, "oci-layout");
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, "{}");
  }
  const found = await Array.fromAsync(repositoriesIn(dir.path));
  deepStrictEqual(found.sort(), names.toSorted());
});

Deno.test("repositoriesIn() finds nothing where there is no folder", async () => {
  await using dir = await tempDir();
  const found = await Array.fromAsync(repositoriesIn(join(dir.path, "none")));
  deepStrictEqual(found, []);
});
