import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import {
  collectGarbage,
  reach,
} from "../../../../src/registry/store/layout/garbage.ts";
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
