import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { fits } from "../../../src/cmd/regsync/copy_image.ts";
import type { Descriptor } from "../../../src/registry/core.ts";
import {
  describe,
  describeJson,
  type Graph,
  image,
} from "../../support/images.ts";
import { assertSaid, syncBench } from "../../support/regsync.ts";

Deno.test("referrers are copied as the filters say", async () => {
  await using bench = await syncBench();
  const result = await bench.run(
    "once",
    "sync: [{source: S/test/repo:v2, target: T/t/repo:v2, type: image, referrers: true, referrerFilters: [{artifactType: application/example.sbom}]}]",
  );
  assertSaid(result, { exit: 0 });
  const { a1, a2, v2 } = bench.images;
  strictEqual(await bench.digest("t/repo:v2"), v2?.root.digest);
  const referrers = await (await fetch(
    `${new URL(bench.T.url).origin}/v2/t/repo/referrers/${v2?.root.digest}`,
  )).json();
  deepStrictEqual(
    referrers.manifests.map(({ digest }: Descriptor) => digest),
    [a1?.root.digest],
  );
  strictEqual(a2 !== undefined, true);
});

Deno.test("fits() wants the type and all annotations", () => {
  const referrer: Descriptor = {
    mediaType: "m",
    digest: "sha256:a",
    size: 1,
    artifactType: "t",
    annotations: { a: "1", b: "2" },
  };
  const filter = (artifactType: string, annotations = {}) =>
    fits(referrer, { artifactType, annotations });
  strictEqual(filter(""), true);
  strictEqual(filter("t", { a: "1", b: "" }), true);
  strictEqual(filter("u"), false);
  strictEqual(filter("t", { a: "2" }), false);
  strictEqual(filter("t", { c: "" }), false);
  strictEqual(filter("t", { toString: "" }), false);
});

Deno.test("platforms keeps the index as it is, and its other entries away", async () => {
  await using bench = await syncBench();
  const dir = `${bench.dir}/layout`;
  const result = await bench.run(
    "once",
    `sync: [{source: S/test/repo:v1, target: 'ocidir://${dir}:v1', type: image, platforms: [linux/amd64]}]`,
  );
  assertSaid(result, { exit: 0 });
  const { v1 } = bench.images;
  const index = JSON.parse(await Deno.readTextFile(`${dir}/index.json`));
  strictEqual(index.manifests[0].digest, v1?.root.digest);
  const blobs = new Set<string>();
  for await (const { name } of Deno.readDir(`${dir}/blobs/sha256`)) {
    blobs.add(`sha256:${name}`);
  }
  const [amd64, arm64] = v1?.manifests ?? [];
  strictEqual(blobs.has(amd64?.descriptor.digest ?? ""), true);
  strictEqual(blobs.has(arm64?.descriptor.digest ?? ""), false);
});

Deno.test("referrerSource and referrerTarget move referrers elsewhere; one that cannot be read is left out", async () => {
  await using bench = await syncBench();
  const step =
    "source: S/test/repo:v2, target: T/t/repo:v2, type: image, referrers: true";
  const result = await bench.run(
    "once",
    `sync: [{${step}, referrerTarget: T/t/refs, referrerSource: 'S/UP per'}]`,
  );
  assertSaid(result, {
    exit: 0,
    error: [
      /^"failed to parse referrer source reference" referrerSource="S\/UP per"/,
    ],
  });
  const answer = await fetch(
    `${new URL(bench.T.url).origin}/v2/t/refs/referrers/${
      bench.images["v2"]?.root.digest
    }`,
  );
  strictEqual((await answer.json()).manifests.length, 2);
});

const V2 = "source: S/test/repo:v2, target: T/t/repo:v2, type: image";

Deno.test("digestTags copies tags that name the image by its digest", async () => {
  await using bench = await syncBench();
  const { v2 } = bench.images;
  const tag = `sha256-${v2?.root.digest.slice(7)}.sig`;
  const signature = await image({ seed: 77, layerSize: 64 });
  await bench.push(signature, tag);
  await bench.run("once", `sync: [{${V2}}]`);
  strictEqual(await bench.digest(`t/repo:${tag}`), "");
  await bench.run("once", `sync: [{${V2}, digestTags: true}]`);
  strictEqual(await bench.digest(`t/repo:${tag}`), signature.root.digest);
});

Deno.test("forceRecursive sends every manifest again, though the target is equal", async () => {
  await using bench = await syncBench();
  await bench.run("once", `sync: [{${V2}}]`);
  bench.T.take();
  assertSaid(await bench.run("once", `sync: [{${V2}, forceRecursive: true}]`), {
    exit: 0,
    info: [
      '"Image refreshing" source=S/test/repo:v2 target=T/t/repo:v2 forced=true digestTags=false referrers=false',
    ],
  });
  const puts = bench.T.take().filter((line) => line.startsWith("PUT "));
  strictEqual(puts.filter((line) => line.includes("/manifests/")).length, 3);
});

Deno.test("includeExternal copies layers that live elsewhere too", async () => {
  const text = (words: string) => new TextEncoder().encode(words);
  const layer = describe(
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    text("a layer of somebody else"),
  );
  const config = describeJson("application/vnd.oci.image.config.v1+json", {
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [layer.descriptor.digest] },
  });
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = describeJson(type, {
    schemaVersion: 2,
    mediaType: type,
    config: config.descriptor,
    layers: [{ ...layer.descriptor, urls: ["https://example.org/layer"] }],
  });
  const graph: Graph = {
    root: manifest.descriptor,
    manifests: [manifest],
    blobs: [config, layer],
  };
  await using bench = await syncBench({ tags: [] });
  await bench.push(graph, "x");
  const step = (name: string, rest: string) =>
    `sync: [{source: S/test/repo:x, target: 'T/${name}:x', type: image${rest}}]`;
  const has = async (name: string) => {
    const url = `${
      new URL(bench.T.url).origin
    }/v2/${name}/blobs/${layer.descriptor.digest}`;
    return (await fetch(url, { method: "HEAD" })).status === 200;
  };
  assertSaid(
    await bench.run("once", step("t/with", ", includeExternal: true")),
    {
      exit: 0,
    },
  );
  strictEqual(await has("t/with"), true);
  await bench.run("once", step("t/without", ""));
  strictEqual(await has("t/without"), false);
});
