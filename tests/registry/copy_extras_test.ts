import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { copyGraph } from "../../src/registry/copy.ts";
import { artifact, image, index, multiPlatform } from "../support/images.ts";
import { pair } from "../support/copies.ts";

const multi = await multiPlatform(2);

Deno.test("copyGraph() copies referrers of every manifest, and theirs, before the tag", async () => {
  const { target, from, to } = pair();
  const child = multi.manifests[0]!.descriptor;
  const sbom = artifact({ subject: child });
  const signature = artifact({
    subject: sbom.root,
    artifactType: "application/x.signature",
  });
  for (const graph of [sbom, signature]) from.fill(graph);
  from.fill(multi, "v1");
  await copyGraph("v1", { from, to, tag: "v1", referrers: {} });
  strictEqual(to.manifests.has(signature.root.digest), true);
  strictEqual(target.calls.at(-1), "put mirror/app v1");
});

Deno.test("copyGraph() looks for new referrers of an image that is there, unless fast", async () => {
  const { source, from, to } = pair();
  from.fill(multi, "v1");
  to.fill(multi, "v1");
  const sbom = artifact({ subject: multi.root });
  from.fill(sbom);
  await copyGraph("v1", { from, to, tag: "v1", referrers: {}, fast: true });
  strictEqual(source.count("referrers"), 0);
  await copyGraph("v1", { from, to, tag: "v1", referrers: {} });
  strictEqual(to.manifests.has(sbom.root.digest), true);
  // Its configuration is the empty one, which nobody is asked for.
  strictEqual(source.count("open"), sbom.blobs.length - 1);
});

Deno.test("copyGraph() filters referrers", async () => {
  const { from, to } = pair();
  from.fill(multi, "v1");
  from.fill(artifact({ subject: multi.root }));
  await copyGraph("v1", {
    from,
    to,
    tag: "v1",
    referrers: { keep: () => false },
  });
  strictEqual(to.manifests.size, multi.manifests.length);
});

Deno.test("copyGraph() copies the tags that are named after a digest", async () => {
  const { from, to } = pair();
  from.fill(multi, "v1");
  const signature = artifact();
  const tag = `${multi.root.digest.replace(":", "-")}.sig`;
  from.fill(signature, tag);
  from.fill(artifact({ artifactType: "application/other" }), "sha256-other");
  await copyGraph("v1", { from, to, tag: "v1", digestTags: true });
  deepStrictEqual([...to.tagged.keys()].sort(), [tag, "v1"]);
});

Deno.test("copyGraph() looks once at each manifest below indexes that share their entries", async () => {
  const { source, from, to } = pair();
  // Each index has two ways to the next two: 2^12 ways down in all.
  let level = [await image()];
  for (let i = 0; i < 12; i++) {
    const below = level;
    level = ["a", "b"].map((name) =>
      index(below, { annotations: { name: `${name}${i}` } })
    );
  }
  for (const graph of level) from.fill(graph);
  for (let i = 0; i < 2; i++) {
    const root = level[0]!.root.digest;
    await copyGraph(root, { from, to, tag: "v1", referrers: {} });
  }
  // The first run reads each to copy it, and the indexes once more to list them.
  ok(source.count("manifest") < 4 * 24, `${source.count("manifest")} reads`);
});
