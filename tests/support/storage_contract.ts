/** What every storage of the embedded registry must hold. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Digest } from "../../src/registry/core.ts";
import { parseManifest } from "../../src/registry/manifest.ts";
import type { Repository, Storage } from "../../src/serve/storage.ts";
import { type Graph, image, type Made } from "./images.ts";

/** Opens a new, empty storage. */
type Make = () => Promise<Storage>;

async function store(repository: Repository, blob: Made): Promise<void> {
  const spool = await repository.createSpool(crypto.randomUUID());
  await spool.write(blob.bytes);
  await spool.flush();
  await repository.adopt(spool, blob.descriptor.digest);
  await spool.remove();
}

async function put(
  repository: Repository,
  graph: Graph,
  ...tags: string[]
): Promise<void> {
  for (const blob of graph.blobs) await store(repository, blob);
  for (const { descriptor, bytes } of graph.manifests) {
    const manifest = parseManifest(bytes);
    await repository.put({ descriptor, bytes, tags, manifest });
  }
}

async function read(
  repository: Repository,
  digest: Digest,
  start: number,
  end: number,
): Promise<Uint8Array | undefined> {
  const stream = await repository.open(digest, { start, end });
  return stream && await new Response(stream).bytes();
}

/** Registers the tests of a kind of storage. */
export function testStorage(kind: string, make: Make): void {
  const test = (
    what: string,
    body: (storage: Storage, graph: Graph) => Promise<void>,
  ) =>
    Deno.test(`${kind} ${what}`, async () => {
      await using storage = await make();
      await body(storage, await image());
    });

  test(
    "knows a repository once something is stored in it",
    async (storage, graph) => {
      const app = storage.repository("app");
      strictEqual(await app.exists(), false);
      strictEqual(await app.size(graph.root.digest), undefined);
      deepStrictEqual(await app.tags(), []);
      deepStrictEqual(await storage.repositories(), []);
      await store(app, graph.blobs[0]!);
      await put(storage.repository("app/sub"), graph, "v1");
      strictEqual(await app.exists(), true);
      deepStrictEqual(await storage.repositories(), ["app", "app/sub"]);
    },
  );

  test("gives back blobs, whole and in part", async (storage, graph) => {
    const app = storage.repository("app");
    const { bytes, descriptor: { digest, size } } = graph.blobs[0]!;
    await store(app, graph.blobs[0]!);
    strictEqual(await app.size(digest), size);
    deepStrictEqual(await read(app, digest, 0, size), bytes);
    deepStrictEqual(await read(app, digest, 3, 9), bytes.slice(3, 9));
    strictEqual(
      await read(app, graph.blobs[1]!.descriptor.digest, 0, 1),
      undefined,
    );
    strictEqual(await app.removeBlob(digest), true);
    strictEqual(await app.removeBlob(digest), false);
    strictEqual(await app.size(digest), undefined);
  });

  test("stores an empty blob", async (storage) => {
    const app = storage.repository("app");
    const digest =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const bytes = new Uint8Array(0);
    const descriptor = { mediaType: "x/y", digest, size: 0 } as const;
    await store(app, { bytes, descriptor });
    strictEqual(await app.size(digest), 0);
    strictEqual((await read(app, digest, 0, 0))?.length, 0);
  });

  test(
    "takes blobs from a sibling, and keeps them when that loses its own",
    async (storage, graph) => {
      const [from, to] = [storage.repository("from"), storage.repository("to")];
      const { bytes, descriptor: { digest, size } } = graph.blobs[0]!;
      strictEqual(await to.mount(digest, from), false);
      await store(from, graph.blobs[0]!);
      strictEqual(await to.mount(digest, from), true);
      await from.removeBlob(digest);
      deepStrictEqual(await read(to, digest, 0, size), bytes);
    },
  );

  test(
    "resolves tags and digests, and reads manifests",
    async (storage, graph) => {
      const app = storage.repository("app");
      await put(app, graph, "b", "a");
      deepStrictEqual(await app.tags(), ["a", "b"]);
      for (const reference of ["a", "b", graph.root.digest]) {
        const node = await app.resolve(reference);
        strictEqual(node?.digest, graph.root.digest);
        strictEqual(node.mediaType, graph.root.mediaType);
        strictEqual(node.size, graph.root.size);
        deepStrictEqual(await app.read(node), graph.manifests[0]!.bytes);
      }
      strictEqual(await app.resolve("c"), undefined);
      strictEqual(await app.resolve(`sha256:${"0".repeat(64)}`), undefined);
    },
  );

  test(
    "moves a tag, and leaves the manifest that loses it",
    async (storage, graph) => {
      const app = storage.repository("app");
      const other = await image({ seed: 2 });
      await put(app, graph, "v1");
      await put(app, other, "v1");
      strictEqual((await app.resolve("v1"))?.digest, other.root.digest);
      strictEqual(
        (await app.resolve(graph.root.digest))?.size,
        graph.root.size,
      );
      deepStrictEqual(await app.tags(), ["v1"]);
      strictEqual(await app.untag("v1"), true);
      strictEqual(await app.untag("v1"), false);
      strictEqual(
        (await app.resolve(other.root.digest))?.size,
        other.root.size,
      );
      deepStrictEqual(await app.tags(), []);
    },
  );

  test("removes a manifest with its tags", async (storage, graph) => {
    const app = storage.repository("app");
    await put(app, graph, "a", "b");
    strictEqual(await app.removeManifest(graph.root.digest), true);
    strictEqual(await app.removeManifest(graph.root.digest), false);
    strictEqual(await app.resolve(graph.root.digest), undefined);
    deepStrictEqual(await app.tags(), []);
  });

  test(
    "finds referrers, also before their subject comes and after it went",
    async (storage, graph) => {
      const app = storage.repository("app");
      const one = await image({ seed: 3, subject: graph.root });
      const two = await image({ seed: 4, subject: graph.root });
      await put(app, one);
      await put(app, graph, "v1");
      await put(app, two, "tagged");
      const digests = async () =>
        (await app.referrers(graph.root.digest)).map((node) => node.digest);
      const both = [one.root.digest, two.root.digest].sort();
      deepStrictEqual(await digests(), both);
      await app.removeManifest(graph.root.digest);
      deepStrictEqual(await digests(), both);
      await app.removeManifest(two.root.digest);
      deepStrictEqual(await digests(), [one.root.digest]);
      // What keeps the list is nobody's tag.
      deepStrictEqual(await app.tags(), []);
    },
  );

  test("keeps every change of many at once", async (storage, graph) => {
    const app = storage.repository("app");
    await put(app, graph);
    const { descriptor, bytes } = graph.manifests[0]!;
    const manifest = parseManifest(bytes);
    const tags = Array.from({ length: 20 }, (_, i) => `t${10 + i}`);
    await Promise.all(
      tags.map((tag) => app.put({ descriptor, bytes, tags: [tag], manifest })),
    );
    deepStrictEqual(await app.tags(), tags);
  });
}
