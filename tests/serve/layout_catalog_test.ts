import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openLayout } from "../../src/registry/store/layout.ts";
import { LayoutCatalog } from "../../src/serve/layout_catalog.ts";
import { image, index, type Made } from "../support/images.ts";
import { tempDir } from "../support/temp.ts";

const IMAGE = await image();
const PARENT = index([IMAGE]);
const REF_NAME = "org.opencontainers.image.ref.name";

/** A layout as another tool could have written it. */
async function write(
  path: string,
  made: readonly Made[],
  rows: readonly unknown[],
) {
  await Deno.mkdir(join(path, "blobs", "sha256"), { recursive: true });
  await Deno.writeTextFile(
    join(path, "oci-layout"),
    '{"imageLayoutVersion":"1.0.0"}',
  );
  for (const { descriptor, bytes } of made) {
    const file = join(path, "blobs", ...descriptor.digest.split(":"));
    await Deno.writeFile(file, bytes);
  }
  await Deno.writeTextFile(
    join(path, "index.json"),
    JSON.stringify({ schemaVersion: 2, manifests: rows }),
  );
  return new LayoutCatalog(await openLayout(path), join(path, "index.json"));
}

Deno.test("LayoutCatalog finds tags that are the end of a full name", async () => {
  await using dir = await tempDir();
  const row = (name: string) => ({
    ...IMAGE.root,
    annotations: { [REF_NAME]: name },
  });
  const catalog = await write(dir.path, IMAGE.manifests, [
    row("registry.example/app:v1"),
    row("v2"),
  ]);
  deepStrictEqual(await catalog.tags(), ["v1", "v2"]);
  strictEqual((await catalog.resolve("v1"))?.digest, IMAGE.root.digest);
});

Deno.test("LayoutCatalog takes children for manifests, and layers for none", async () => {
  await using dir = await tempDir();
  const catalog = await write(
    dir.path,
    [...PARENT.manifests, ...PARENT.blobs],
    [PARENT.root],
  );
  const child = await catalog.resolve(IMAGE.root.digest);
  strictEqual(child?.mediaType, IMAGE.root.mediaType);
  for (const { descriptor } of PARENT.blobs) {
    strictEqual(await catalog.resolve(descriptor.digest), undefined);
  }
});

Deno.test("LayoutCatalog finds referrers that no list names", async () => {
  await using dir = await tempDir();
  const referrer = await image({ seed: 2, subject: IMAGE.root });
  const list = index([referrer]);
  const catalog = await write(
    dir.path,
    [...list.manifests, ...IMAGE.manifests],
    [list.root, IMAGE.root],
  );
  const found = await catalog.referrers(IMAGE.root.digest);
  deepStrictEqual(found.map(({ digest }) => digest), [referrer.root.digest]);
});

Deno.test("LayoutCatalog sees that the index was replaced", async () => {
  await using dir = await tempDir();
  const catalog = await write(dir.path, IMAGE.manifests, []);
  deepStrictEqual(await catalog.tags(), []);
  await write(dir.path, [], [{
    ...IMAGE.root,
    annotations: { [REF_NAME]: "x" },
  }]);
  deepStrictEqual(await catalog.tags(), ["x"]);
});

Deno.test("LayoutCatalog does not resolve a row whose file is gone", async () => {
  await using dir = await tempDir();
  const named = { ...IMAGE.root, annotations: { [REF_NAME]: "x" } };
  const catalog = await write(dir.path, [], [named]);
  strictEqual(await catalog.resolve("x"), undefined);
});
