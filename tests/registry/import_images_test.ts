import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import zlib from "node:zlib";
import { isRegError } from "../../src/base/errors.ts";
import { fromBytes } from "../../src/base/streams.ts";
import { exportImages } from "../../src/registry/export_images.ts";
import { importImages } from "../../src/registry/import_images.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";
import { type NewEntry, writeTar } from "../../src/registry/tar/writer.ts";
import {
  artifact,
  describeJson,
  image,
  multiPlatform,
  noise,
} from "../support/images.ts";
import { fill } from "../support/stores.ts";
import { tempDir } from "../support/temp.ts";

const notFound = (error: Error) => isRegError(error, "not_found");

async function archive(
  names: Readonly<Record<string, string>> = { v1: "example.com/a:v1" },
): Promise<Uint8Array<ArrayBuffer>> {
  const from = new MemoryStore();
  const images = [];
  for (const [at, [tag, name]] of Object.entries(names).entries()) {
    const graph = await multiPlatform(2, { seed: at + 1 });
    await fill(from, graph, tag);
    await fill(from, artifact({ subject: graph.root }));
    const reference = parseReference(`example.com/repo:${tag}`);
    images.push({ from, reference, name: parseReference(name) });
  }
  const stream = await exportImages(images, { referrers: true });
  return await new Response(stream).bytes();
}

async function tags(store: MemoryStore): Promise<readonly string[]> {
  const pages = await Array.fromAsync(store.tags());
  return pages.flatMap(({ names }) => names);
}

const docker = (entries: unknown, files: readonly NewEntry[]) =>
  ReadableStream.from(
    writeTar([file("manifest.json", JSON.stringify(entries)), ...files]),
  );

function file(name: string, content: string | Uint8Array): NewEntry {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  return { header: { name, size: bytes.length }, body: [bytes] };
}

Deno.test("importImages() brings back what exportImages() wrote, packed or not, from a file or a stream", async () => {
  await using dir = await tempDir();
  const plain = await archive();
  const expected = await multiPlatform(2, { seed: 1 });
  const forms = [plain, new Uint8Array(zlib.gzipSync(plain))];
  for (const [at, bytes] of forms.entries()) {
    const path = `${dir.path}/${at}`;
    await Deno.writeFile(path, bytes);
    for (const input of [path, fromBytes(bytes)]) {
      const to = new MemoryStore();
      const found = await importImages(input, to, {
        tag: "new",
        temporary: dir.path,
      });
      deepStrictEqual(
        found.map(({ root, tag }) => [root.digest, tag]),
        [[expected.root.digest, "new"]],
      );
      strictEqual((await to.resolve("new")).digest, expected.root.digest);
      const { descriptors } = await to.referrers(expected.root);
      strictEqual(descriptors.length, 1);
    }
  }
  const left = (await Array.fromAsync(Deno.readDir(dir.path)))
    .map(({ name }) => name).sort();
  deepStrictEqual(left, ["0", "1"]);
});

Deno.test("importImages() chooses by name, by digest, by tag, else says what is there", async () => {
  const bytes = await archive({
    v1: "example.com/a:v1",
    v2: "app:v2",
    v3: "app:latest",
  });
  const [one, two, three] = await Promise.all(
    [1, 2, 3].map((seed) => multiPlatform(2, { seed })),
  );
  const imported = async (options: Parameters<typeof importImages>[2]) =>
    (await importImages(fromBytes(bytes), new MemoryStore(), options))
      .map(({ root }) => root.digest).join();
  strictEqual(await imported({ name: "v2" }), two?.root.digest);
  strictEqual(await imported({ name: "app:v2" }), two?.root.digest);
  strictEqual(
    await imported({ name: "docker.io/library/app" }),
    three?.root.digest,
  );
  strictEqual(await imported({ digest: one?.root.digest }), one?.root.digest);
  strictEqual(await imported({ tag: "v1" }), one?.root.digest);
  strictEqual(await imported({ tag: "" }), three?.root.digest);
  await rejects(
    imported({ tag: "v9" }),
    /could not find requested tag in index.json, v9: the archive has v1, example.com\/a:v1, v2/,
  );
});

Deno.test("importImages() takes all images under their tags, unless two have the same", async () => {
  const bytes = await archive({
    v1: "example.com/a:v1",
    v2: "example.com/b:v2",
  });
  const to = new MemoryStore();
  const found = await importImages(fromBytes(bytes), to, { all: true });
  deepStrictEqual(found.map(({ tag }) => tag), ["v1", "v2"]);
  deepStrictEqual(await tags(to), ["v1", "v2"]);
  const twice = await archive({
    v1: "example.com/a:v1",
    v2: "example.com/b:v1",
  });
  await rejects(
    importImages(fromBytes(twice), new MemoryStore(), { all: true }),
    /two of them have the tag "v1"/,
  );
});

Deno.test("importImages() makes images of what docker save wrote", async () => {
  const layer = noise(1000, 1);
  const packed = new Uint8Array(zlib.gzipSync(noise(1000, 2)));
  const config = JSON.stringify({ os: "linux", architecture: "amd64" });
  const entries = [
    {
      Config: "a.json",
      RepoTags: ["app:v1"],
      Layers: ["a/layer.tar", "b.tgz"],
    },
    { Config: "a.json", RepoTags: ["app:v2"], Layers: ["link/layer.tar"] },
  ];
  const files = [
    file("./a/layer.tar", layer),
    file("a.json", config),
    file("b.tgz", packed),
    {
      header: { name: "link/layer.tar", type: "2", linkname: "../a/layer.tar" },
    },
  ];
  const to = new MemoryStore();
  await importImages(docker(entries, files), to, { tag: "first" });
  await importImages(docker(entries, files), to, { tag: "x", name: "app:v2" });
  await importImages(docker(entries, files), to, { all: true });
  deepStrictEqual(await tags(to), ["first", "v1", "v2", "x"]);
  const { bytes } = await to.manifest("first");
  const manifest = JSON.parse(new TextDecoder().decode(bytes));
  const [unpacked, kept] = manifest.layers;
  strictEqual(
    unpacked.mediaType,
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
  );
  const read = async (node: typeof unpacked) =>
    await new Response(await to.open(node)).bytes();
  deepStrictEqual(new Uint8Array(zlib.gunzipSync(await read(unpacked))), layer);
  deepStrictEqual(await read(kept), packed);
  strictEqual((await to.resolve("v2")).digest, (await to.resolve("x")).digest);
  await rejects(
    importImages(docker(entries, files), to, { name: "none:v1" }),
    /could not find requested tag in index.json, none:v1: the archive has app:v1, app:v2/,
  );
});

Deno.test("importImages() refuses archives that lack or fake files, and changes nothing", async () => {
  const graph = await image();
  const index = describeJson("application/vnd.oci.image.index.v1+json", {
    schemaVersion: 2,
    manifests: [graph.root],
  });
  const layout = file("oci-layout", `{"imageLayoutVersion":"1.0.0"}`);
  const rows = file("index.json", new TextDecoder().decode(index.bytes));
  const blobs = [...graph.manifests, ...graph.blobs].map((
    { descriptor, bytes },
  ) => file(`blobs/${descriptor.digest.replace(":", "/")}`, bytes));
  const fake = blobs.map(({ header }) =>
    file(header.name, new Uint8Array(header.size ?? 0))
  );
  const cases: readonly (readonly [readonly NewEntry[], RegExp])[] = [
    [[], /neither "oci-layout" nor "manifest.json"/],
    [[layout], /not found: "index.json"/],
    [[file("oci-layout", `{}`)], /unsupported oci layout version/],
    [
      [layout, file("index.json", "{")],
      /Cannot read "index.json": it is not JSON/,
    ],
    [[layout, rows], /not found/],
    [[layout, rows, ...fake], /mismatch/],
    [[layout, rows, ...blobs.slice(0, -1)], /not found/],
    [[file("manifest.json", "{}")], /it is no list/],
    [[file("manifest.json", "[1]")], /entry 0 is no object/],
    [[file("manifest.json", `[{"Config":"x"}]`)], /not found: "x"/],
    [
      [
        file("manifest.json", `[{"Config":"x","Layers":["y"]}]`),
        file("x", "{}"),
        { header: { name: "y", type: "2", linkname: "/etc/passwd" } },
      ],
      /not found: "y"/,
    ],
    [
      [
        file("manifest.json", `[{"Config":"a"}]`),
        { header: { name: "a", type: "2", linkname: "b" } },
        { header: { name: "b", type: "2", linkname: "a" } },
      ],
      /not found: "a"/,
    ],
  ];
  for (const [entries, reason] of cases) {
    const to = new MemoryStore();
    const tar = ReadableStream.from(writeTar(entries));
    await rejects(importImages(tar, to, { tag: "v1" }), reason);
    deepStrictEqual(await tags(to), []);
  }
  await rejects(importImages("/does/not/exist", new MemoryStore()), notFound);
});

Deno.test("importImages() takes the only image by its own digest, and by no other", async () => {
  const bytes = await archive();
  const to = new MemoryStore();
  const { digest } = (await multiPlatform(2, { seed: 1 })).root;
  const take = (digest: string) =>
    importImages(fromBytes(bytes), to, { digest });
  await rejects(take(`sha256:${"0".repeat(64)}`), { code: "mismatch" });
  const [imported] = await take(digest);
  strictEqual(imported?.root.digest, digest);
});

Deno.test("importImages() names the directory that is no archive", async () => {
  await using dir = await tempDir();
  await rejects(importImages(dir.path, new MemoryStore()), {
    code: "file",
    message: `Cannot open ${JSON.stringify(dir.path)}: it is a directory`,
  });
});
