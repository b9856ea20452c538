import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import {
  collectGarbage,
  reach,
} from "../../../../src/registry/store/layout/garbage.ts";
import { openLayout } from "../../../../src/registry/store/layout.ts";
import { parseIndex } from "../../../../src/registry/store/layout/rows.ts";
import { readLayout } from "../../../support/layouts.ts";
import {
  describeJson,
  type Graph,
  image,
  multiPlatform,
  noise,
  writeLayout,
} from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

const digests = (graph: Graph) =>
  [...graph.manifests, ...graph.blobs].map((one) => one.descriptor.digest)
    .sort();

Deno.test("reach() walks indexes, manifests and blobs, each once, also around a loop", async () => {
  await using dir = await tempDir();
  const graph = await multiPlatform(2);
  await writeLayout(dir.path, graph, "v1");
  const files = new LayoutFiles(dir.path);
  const found = await reach(files, [graph.root, graph.root]);
  deepStrictEqual([...found.digests].sort(), digests(graph));
  strictEqual(found.isWhole, true);
});

Deno.test("reach() looks into children of an unknown type", async () => {
  await using dir = await tempDir();
  const inner = await image();
  const index = describeJson("application/vnd.oci.image.index.v1+json", {
    schemaVersion: 2,
    manifests: [{ ...inner.root, mediaType: "application/x.unknown" }],
  });
  await writeLayout(dir.path, {
    root: index.descriptor,
    manifests: [index, ...inner.manifests],
    blobs: inner.blobs,
  }, "v1");
  const found = await reach(new LayoutFiles(dir.path), [index.descriptor]);
  deepStrictEqual(
    [...found.digests].sort(),
    [index.descriptor.digest, ...digests(inner)].sort(),
  );
});

Deno.test("collectGarbage() takes orphans at once and strangers when they are old", async () => {
  await using dir = await tempDir();
  const [kept, orphan] = [await image({ seed: 1 }), await image({ seed: 2 })];
  await writeLayout(dir.path, orphan, "gone");
  await writeLayout(dir.path, kept, "v1");
  const stranger = `${dir.path}/blobs/sha256/${"0".repeat(64)}`;
  await Deno.writeFile(stranger, noise(5, 1));
  const files = new LayoutFiles(dir.path);
  const index = parseIndex(await Deno.readFile(`${dir.path}/index.json`), "x");
  const options = { orphans: [orphan.root.digest], graceMs: 60_000 };
  const removed = await collectGarbage(files, index, options);
  deepStrictEqual(removed.sort(), digests(orphan));
  await Deno.utime(stranger, 0, 0);
  await collectGarbage(files, index, options);
  deepStrictEqual((await readLayout(dir.path)).blobs, digests(kept));
});

/** A folder of somebody else, with files as old as any. */
async function foreign(path: string): Promise<string[]> {
  const names = ["a/one", "a/two", "three"];
  await Deno.mkdir(`${path}/a`, { recursive: true });
  for (const name of names) {
    await Deno.writeTextFile(`${path}/${name}`, name);
    await Deno.utime(`${path}/${name}`, 1000, 1000);
  }
  return names;
}

for (const link of ["blobs", "blobs/sha256", ".regkit/parts"]) {
  Deno.test(`a layout whose "${link}" is a link removes nothing behind it`, async () => {
    await using dir = await tempDir();
    const outside = `${dir.path}/outside`;
    const names = await foreign(outside);
    const root = `${dir.path}/layout`;
    await writeLayout(root, await image(), "v1");
    await Deno.mkdir(`${root}/.regkit`);
    await Deno.remove(`${root}/${link}`, { recursive: true }).catch(() => {});
    await Deno.symlink(outside, `${root}/${link}`);
    const files = new LayoutFiles(root);
    await collectGarbage(
      files,
      parseIndex(new TextEncoder().encode("{}"), root),
      {
        orphans: ["a:one", "sha256:three"],
        graceMs: 0,
      },
    );
    {
      await using store = await openLayout(root);
      await store.untag("v1").catch(() => {});
    }
    const { root: node } = await image();
    await using store = await openLayout(root);
    await store.deleteBlob({ ...node, digest: `sha256:${"0".repeat(64)}` })
      .catch(() => {});
    for (const name of names) {
      strictEqual(await Deno.readTextFile(`${outside}/${name}`), name);
    }
  });
}
