import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../src/base/errors.ts";
import { collect, fromBytes } from "../../../src/base/streams.ts";
import type { Descriptor, Store } from "../../../src/registry/core.ts";
import { digestOf } from "../../../src/registry/digest.ts";
import { fallbackTag } from "../../../src/registry/referrers_index.ts";
import { openLayout } from "../../../src/registry/store/layout.ts";
import { readLayout } from "../../support/layouts.ts";
import {
  artifact,
  describe,
  type Graph,
  image,
  multiPlatform,
  noise,
  writeLayout,
} from "../../support/images.ts";
import { fill } from "../../support/stores.ts";
import { tempDir } from "../../support/temp.ts";

const CREATED = new Date("2020-01-02T03:04:05.678Z");
const code = (...codes: Parameters<typeof isRegError>[1][]) => (error: Error) =>
  isRegError(error, ...codes);

async function read(store: Store, node: Descriptor): Promise<Uint8Array> {
  return await collect(await store.open(node), 1e9);
}

Deno.test("LayoutStore writes what upstream writes: rows, files, no more", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/layout`;
  const graph = await multiPlatform(2);
  {
    await using store = await openLayout(path, { created: CREATED });
    await fill(store, graph, "v1");
    await fill(store, graph);
  }
  const layout = await readLayout(path);
  const { mediaType, digest, size } = graph.root;
  const created = "2020-01-02T03:04:05Z";
  strictEqual(
    layout.index,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [
        {
          mediaType,
          digest,
          size,
          annotations: {
            "org.opencontainers.image.created": created,
            "org.opencontainers.image.ref.name": "v1",
          },
        },
        {
          mediaType,
          digest,
          size,
          annotations: { "org.opencontainers.image.created": created },
        },
      ],
    }),
  );
  deepStrictEqual(
    layout.blobs,
    [...graph.manifests, ...graph.blobs].map((one) => one.descriptor.digest)
      .sort(),
  );
  deepStrictEqual(layout.others, ["index.json", "oci-layout"]);
  const info = await Deno.stat(`${path}/index.json`);
  strictEqual((info.mode ?? 0) & 0o777, 0o666 & ~Deno.umask());
});

Deno.test("LayoutStore finds by tag, by the end of a full name, by digest, and latest", async () => {
  await using dir = await tempDir();
  const graph = await image();
  await writeLayout(dir.path, graph, "docker.io/library/app:latest");
  const store = await openLayout(dir.path);
  const { mediaType, digest, size } = graph.root;
  for (const name of ["latest", "", digest]) {
    deepStrictEqual(await store.resolve(name), {
      mediaType,
      digest,
      size,
      annotations: {
        "org.opencontainers.image.ref.name": "docker.io/library/app:latest",
      },
    });
  }
  deepStrictEqual((await Array.fromAsync(store.tags())).map((p) => p.names), [[
    "latest",
  ]]);
  const { bytes } = await store.manifest("latest");
  deepStrictEqual(bytes, graph.manifests[0]?.bytes);
  await rejects(store.resolve("v2"), code("not_found"));
  await rejects(store.resolve("sha256:short"), code("reference"));
  await rejects(store.resolve(digestOf(new Uint8Array(1))), code("not_found"));
});

Deno.test("LayoutStore prefers an exact tag to a full name", async () => {
  await using dir = await tempDir();
  const [first, second] = [await image({ seed: 1 }), await image({ seed: 2 })];
  await writeLayout(dir.path, first, "example.com/app:v1");
  await using store = await openLayout(dir.path);
  await fill(store, second, "v1");
  strictEqual((await store.resolve("v1")).digest, second.root.digest);
  await store.untag("v1");
  await rejects(store.resolve("v1"), code("not_found"));
  await rejects(store.untag("v1"), code("not_found"));
});

Deno.test("LayoutStore gives a child without a row by its digest, with its type", async () => {
  await using dir = await tempDir();
  const graph = await multiPlatform(2);
  await writeLayout(dir.path, graph, "v1");
  const store = await openLayout(dir.path);
  const child = graph.manifests[0]?.descriptor;
  const { mediaType, digest, size } = await store.resolve(child?.digest ?? "");
  deepStrictEqual({ mediaType, digest, size }, child);
});

Deno.test("LayoutStore verifies what it reads, and not where it is told so", async () => {
  await using dir = await tempDir();
  const graph = await image();
  await writeLayout(dir.path, graph, "v1");
  const node = graph.blobs[1]?.descriptor ?? graph.root;
  const path = `${dir.path}/blobs/${node.digest.replace(":", "/")}`;
  await Deno.writeFile(path, new Uint8Array(node.size));
  const store = await openLayout(dir.path);
  await rejects(read(store, node), code("mismatch"));
  const raw = await store.open(node, { verify: false, offset: 10 });
  strictEqual((await collect(raw, 1e9)).length, node.size - 10);
  await Deno.writeFile(path, new Uint8Array(node.size - 1));
  await rejects(
    collect(await store.open(node, { offset: 1 }), 1e9),
    code("mismatch"),
  );
  const manifest = `${dir.path}/blobs/${graph.root.digest.replace(":", "/")}`;
  await Deno.writeTextFile(manifest, "{}");
  await rejects(store.manifest("v1"), code("mismatch"));
});

Deno.test("LayoutStore refuses a wrong blob and leaves nothing of it", async () => {
  await using dir = await tempDir();
  const { descriptor: node } = describe("a/b", noise(3_000_000, 1));
  {
    await using store = await openLayout(dir.path);
    for (
      const bytes of [
        noise(3_000_000, 2),
        noise(3_000_001, 1),
        noise(2000, 1),
      ]
    ) {
      await rejects(
        store.push(node, () => Promise.resolve(fromBytes(bytes))),
        code("mismatch"),
      );
    }
    strictEqual(await store.exists(node), false);
  }
  const { blobs, others } = await readLayout(dir.path);
  deepStrictEqual({ blobs, others }, { blobs: [], others: ["oci-layout"] });
});

Deno.test("LayoutStore goes on with a blob that broke off", async () => {
  await using dir = await tempDir();
  const { descriptor: node, bytes } = describe("a/b", noise(4_000_000, 1));
  const half = bytes.subarray(0, 2_500_000);
  const broken = () =>
    Promise.resolve(ReadableStream.from((async function* () {
      yield half;
      await Promise.resolve();
      throw new Error("cable");
    })()));
  {
    await using store = await openLayout(dir.path);
    await rejects(store.push(node, broken), /cable/);
  }
  {
    await using store = await openLayout(dir.path);
    const offsets: (number | undefined)[] = [];
    await store.push(node, (options) => {
      offsets.push(options?.offset);
      return Promise.resolve(fromBytes(bytes.subarray(options?.offset)));
    });
    const [offset = 0] = offsets;
    strictEqual(offset > 2_000_000 && offset <= half.length, true);
    deepStrictEqual(await read(store, node), bytes);
  }
  deepStrictEqual((await readLayout(dir.path)).others, ["oci-layout"]);
});

Deno.test("LayoutStore starts a blob over when what was left of it is wrong", async () => {
  await using dir = await tempDir();
  const { descriptor: node, bytes } = describe("a/b", noise(4_000_000, 1));
  const parts = `${dir.path}/.regkit/parts`;
  await Deno.mkdir(parts, { recursive: true });
  await Deno.writeFile(
    `${parts}/${node.digest.replace(":", "-")}.gone`,
    noise(1_000_000, 7),
  );
  await using store = await openLayout(dir.path);
  const offsets: (number | undefined)[] = [];
  await store.push(node, (options) => {
    offsets.push(options?.offset);
    return Promise.resolve(fromBytes(bytes.subarray(options?.offset)));
  });
  deepStrictEqual(offsets, [1_000_000, 0]);
  deepStrictEqual(await read(store, node), bytes);
});

Deno.test("LayoutStore keeps the referrers of a manifest under its fallback tag", async () => {
  await using dir = await tempDir();
  const subject = await image();
  const signature = artifact({
    artifactType: "application/vnd.example.signature",
    subject: subject.root,
    annotations: { note: "a<b" },
  });
  const sbom = artifact({ subject: subject.root });
  await using store = await openLayout(dir.path);
  await fill(store, subject, "v1");
  strictEqual((await store.referrers(subject.root)).descriptors.length, 0);
  for (const graph of [signature, sbom, sbom]) {
    const [manifest] = graph.manifests;
    for (const blob of graph.blobs) {
      await store.push(
        blob.descriptor,
        () => Promise.resolve(fromBytes(blob.bytes)),
      );
    }
    await store.putManifest(
      graph.root,
      manifest?.bytes ?? new Uint8Array(),
      { child: true },
    );
  }
  const tag = fallbackTag(subject.root.digest);
  const found = await store.referrers(subject.root);
  strictEqual(found.fallbackTag, tag);
  deepStrictEqual(found.descriptors, [
    {
      ...signature.root,
      annotations: { note: "a<b" },
      artifactType: "application/vnd.example.signature",
    },
    { ...sbom.root, artifactType: "application/vnd.example.sbom" },
  ]);
  deepStrictEqual((await store.entries()).map((row) => row.name), ["v1", tag]);
  await store.deleteManifest(signature.root);
  deepStrictEqual(
    (await store.referrers(subject.root)).descriptors.map((one) => one.digest),
    [sbom.root.digest],
  );
  await store.deleteManifest(sbom.root);
  deepStrictEqual((await store.entries()).map((row) => row.name), ["v1"]);
});

Deno.test("LayoutStore leaves nothing of lists and tags that others replaced at once", async () => {
  await using dir = await tempDir();
  const { root: subject } = await image();
  const many = Array.from(
    { length: 30 },
    (_, at) => artifact({ subject, annotations: { at: String(at) } }),
  );
  {
    await using store = await openLayout(dir.path);
    await Promise.all(many.map(async ({ root, manifests: [one], blobs }) => {
      for (const { descriptor, bytes } of blobs) {
        await store.push(descriptor, () => Promise.resolve(fromBytes(bytes)));
      }
      await store.putManifest(root, one!.bytes, { child: true });
      await store.putManifest(root, one!.bytes, { tag: "last" });
    }));
    strictEqual((await store.referrers(subject)).descriptors.length, 30);
  }
  const { blobs } = await readLayout(dir.path);
  const manifests = many.map(({ root }) => root.digest);
  const content = many[0]!.blobs.map(({ descriptor }) => descriptor.digest);
  strictEqual(blobs.length, manifests.length + content.length + 1);
});

Deno.test("LayoutStore looks into every row for a subject when asked to", async () => {
  await using dir = await tempDir();
  const subject = await image();
  const sbom = artifact({ subject: subject.root });
  await writeLayout(dir.path, sbom, "sbom");
  const store = await openLayout(dir.path);
  const find = async (slow: boolean) =>
    (await store.referrers(subject.root, { slow })).descriptors
      .map((one) => one.digest);
  deepStrictEqual(await find(false), []);
  deepStrictEqual(await find(true), [sbom.root.digest]);
});

Deno.test("LayoutStore removes what lost its last row, and nothing that is shared or young", async () => {
  await using dir = await tempDir();
  const base = await image({ seed: 1 });
  const other = await image({ seed: 2 });
  const loose = describe("a/b", noise(10, 3));
  const foreign = `${dir.path}/blobs/sha256/123.tmp`;
  {
    await using store = await openLayout(dir.path);
    await fill(store, base, "v1");
    await fill(store, other, "v1");
    await store.push(
      loose.descriptor,
      () => Promise.resolve(fromBytes(loose.bytes)),
    );
    await Deno.writeTextFile(foreign, "somebody writes here");
  }
  const digests = (graph: Graph) =>
    [...graph.manifests, ...graph.blobs].map((one) => one.descriptor.digest);
  const kept = [...digests(other), loose.descriptor.digest, "sha256:123.tmp"];
  deepStrictEqual((await readLayout(dir.path)).blobs, kept.sort());
  {
    await using store = await openLayout(dir.path, { graceMs: -1 });
    await store.tag(other.root, "v2");
  }
  deepStrictEqual((await readLayout(dir.path)).blobs, digests(other).sort());
});

Deno.test("LayoutStore keeps everything when a manifest it reaches is broken", async () => {
  await using dir = await tempDir();
  const graph = await image();
  await writeLayout(dir.path, graph, "v1");
  await Deno.writeTextFile(
    `${dir.path}/blobs/${graph.root.digest.replace(":", "/")}`,
    "garbage",
  );
  const before = (await readLayout(dir.path)).blobs;
  {
    await using store = await openLayout(dir.path, { graceMs: -1 });
    const { descriptor, bytes } = describe("a/b", noise(10, 3));
    await store.push(descriptor, () => Promise.resolve(fromBytes(bytes)));
    await store.deleteBlob(descriptor);
  }
  deepStrictEqual((await readLayout(dir.path)).blobs, before);
});

Deno.test("LayoutStore collects nothing while another store is at work, and all once it is gone", async () => {
  await using dir = await tempDir();
  const [first, second] = [await image({ seed: 1 }), await image({ seed: 2 })];
  await writeLayout(dir.path, first, "v1");
  const busy = await openLayout(dir.path);
  for (const { descriptor, bytes } of second.blobs) {
    await busy.push(descriptor, () => Promise.resolve(fromBytes(bytes)));
  }
  {
    await using store = await openLayout(dir.path, { graceMs: -1 });
    await store.deleteManifest(first.root);
  }
  const all = [...first.blobs, ...second.blobs].map((b) => b.descriptor.digest);
  deepStrictEqual((await readLayout(dir.path)).blobs, all.sort());
  for (const { descriptor, bytes } of second.manifests) {
    await busy.putManifest(descriptor, bytes, { tag: "v2" });
  }
  await busy[Symbol.asyncDispose]();
  const left = [...second.blobs, ...second.manifests];
  const { blobs, others } = await readLayout(dir.path);
  deepStrictEqual(blobs, left.map((b) => b.descriptor.digest).sort());
  deepStrictEqual(others, ["index.json", "oci-layout"]);
});

Deno.test("LayoutStore loses no row when many write at once", async () => {
  await using dir = await tempDir();
  const graph = await image();
  await writeLayout(dir.path, graph, "v1");
  const stores = await Promise.all(
    Array.from({ length: 4 }, () => openLayout(dir.path)),
  );
  await Promise.all(
    stores.flatMap((store, i) =>
      Array.from(
        { length: 5 },
        (_, j) => store.tag(graph.root, `tag-${i}-${j}`),
      )
    ),
  );
  for (const store of stores) await store[Symbol.asyncDispose]();
  const { rows, others } = await readLayout(dir.path);
  strictEqual(rows.length, 21);
  deepStrictEqual(others, ["index.json", "oci-layout"]);
});

Deno.test("LayoutStore keeps a row for a manifest that loses its tag where it serves as a registry", async () => {
  await using dir = await tempDir();
  const [first, second] = [await image({ seed: 1 }), await image({ seed: 2 })];
  {
    await using store = await openLayout(dir.path, { keepUntagged: true });
    await fill(store, first, "v1");
    await fill(store, second, "v1");
    await store.untag("v1");
  }
  const store = await openLayout(dir.path);
  deepStrictEqual((await store.entries()).map((row) => row.name), ["", ""]);
  await store.manifest(first.root.digest);
  await store.manifest(second.root.digest);
});

Deno.test("LayoutStore keeps what it does not know of an index", async () => {
  await using dir = await tempDir();
  const graph = await image();
  await writeLayout(dir.path, graph, "v1");
  const path = `${dir.path}/index.json`;
  const index = JSON.parse(await Deno.readTextFile(path));
  index.manifests[0]["x.unknown"] = [1];
  const text = JSON.stringify({ ...index, extra: { size: 0 } })
    .replace('"size":0', '"size":12345678901234567890');
  await Deno.writeTextFile(path, text);
  {
    await using store = await openLayout(dir.path);
    await store.tag(graph.root, "v2");
  }
  const after = await Deno.readTextFile(path);
  strictEqual(after.includes('"extra":{"size":12345678901234567890}'), true);
  strictEqual(after.includes('"x.unknown":[1]'), true);
});

Deno.test("LayoutStore reads nothing where there is no layout, and makes nothing there", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/none`;
  const store = await openLayout(path);
  const node = describe("a/b", noise(1, 1)).descriptor;
  await rejects(store.resolve("v1"), code("not_found"));
  await rejects(store.open(node), code("not_found"));
  await rejects(Array.fromAsync(store.tags()), code("not_found"));
  await rejects(store.untag("v1"), code("not_found"));
  strictEqual(await store.exists(node), false);
  await store[Symbol.asyncDispose]();
  await rejects(Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("LayoutStore refuses another version of the layout", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(
    `${dir.path}/oci-layout`,
    `{"imageLayoutVersion":"2.0.0"}`,
  );
  await rejects(
    openLayout(dir.path),
    /unsupported oci layout version, expected 1\.0\.0, received 2\.0\.0/,
  );
});

Deno.test("LayoutStore follows no link and no digest out of its directory", async () => {
  await using dir = await tempDir();
  const graph = await image();
  const root = `${dir.path}/layout`;
  const outside = `${dir.path}/outside`;
  await Deno.mkdir(outside);
  await writeLayout(root, graph, "v1");
  const node = graph.blobs[0]?.descriptor ?? graph.root;
  const path = `${root}/blobs/${node.digest.replace(":", "/")}`;
  await Deno.rename(path, `${outside}/blob`);
  await Deno.symlink(`${outside}/blob`, path);
  const store = await openLayout(root);
  await rejects(store.open(node), code("denied"));
  await rejects(
    store.open({ ...node, digest: `sha256:../../../outside/blob` }),
    code("reference"),
  );
  await Deno.rename(`${root}/blobs`, `${outside}/blobs`);
  await Deno.symlink(`${outside}/blobs`, `${root}/blobs`);
  const { descriptor, bytes } = describe("a/b", noise(10, 3));
  await rejects(
    store.push(descriptor, () => Promise.resolve(fromBytes(bytes))),
    code("denied"),
  );
  await store[Symbol.asyncDispose]();
  await Deno.symlink(outside, `${root}/.regkit`);
  await rejects(store.tag(graph.root, "v2"), code("denied"));
  deepStrictEqual(
    (await Array.fromAsync(Deno.readDir(outside))).map((e) => e.name).sort(),
    ["blob", "blobs"],
  );
});

Deno.test("LayoutStore adopts a file, and refuses a wrong one", async () => {
  await using dir = await tempDir();
  const { descriptor: node, bytes } = describe("a/b", noise(1000, 1));
  await using store = await openLayout(dir.path);
  const path = `${await store.temporaryDirectory()}/upload`;
  await Deno.writeFile(path, noise(1000, 2));
  await rejects(store.adopt(path, node), code("mismatch"));
  await Deno.writeFile(path, bytes);
  await store.adopt(path, node);
  await rejects(Deno.stat(path), Deno.errors.NotFound);
  strictEqual(await store.size(node.digest), 1000);
  const range = await store.openRange(node.digest, { start: 10, end: 20 });
  deepStrictEqual(await collect(range, 100), bytes.subarray(10, 20));
});

Deno.test("LayoutStore tells why its first write failed, and leaves all the same", async () => {
  await using dir = await tempDir();
  // What is no file there counts as missing, and cannot be replaced by one.
  await Deno.mkdir(`${dir.path}/oci-layout`);
  const writing = async () => {
    await using store = await openLayout(dir.path);
    const { descriptor, bytes } = await image().then(({ blobs }) => blobs[0]!);
    await store.push(descriptor, () => Promise.resolve(fromBytes(bytes)));
  };
  await rejects(writing, { code: "file" });
  await rejects(Deno.stat(`${dir.path}/.regkit`), Deno.errors.NotFound);
});

Deno.test("LayoutStore stops at an aborted signal", async () => {
  await using dir = await tempDir();
  const signal = AbortSignal.abort(new Error("stop"));
  const { descriptor: node, bytes } = describe("a/b", noise(10, 1));
  const store = await openLayout(dir.path);
  const body = () => Promise.resolve(fromBytes(bytes));
  await rejects(store.push(node, body, { signal }), /stop/);
  await rejects(store.resolve("v1", { signal }), /stop/);
  strictEqual((await readLayout(dir.path)).others.length, 0);
});
