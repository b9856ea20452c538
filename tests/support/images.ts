/**
 * Images for tests: made from a seed, so that the same call gives the same
 * bytes, and pushed with plain requests, so that no code under test is used.
 */
import { createHash } from "node:crypto";
import { packTar } from "modern-tar";
import type { Descriptor, Digest, Platform } from "../../src/registry/core.ts";

/** Bytes and what names them. */
export interface Made {
  /** What names the bytes. */
  readonly descriptor: Descriptor;
  /** The bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A manifest with all that it reaches. */
export interface Graph {
  /** The manifest at the top. */
  readonly root: Descriptor;
  /** Every manifest, children before their parents; the last one is the root. */
  readonly manifests: readonly Made[];
  /** Every blob, each once. */
  readonly blobs: readonly Made[];
}

/** The two families of media types. */
export type Family = "oci" | "docker";

const TYPES = {
  oci: {
    index: "application/vnd.oci.image.index.v1+json",
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
  docker: {
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
} as const;

/** Names bytes by their SHA-256. */
export function describe(
  mediaType: string,
  bytes: Uint8Array<ArrayBuffer>,
): Made {
  return {
    descriptor: { mediaType, digest: sha256(bytes), size: bytes.length },
    bytes,
  };
}

/** The SHA-256 of bytes as a digest. */
export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Names a value by its JSON. */
export function describeJson(mediaType: string, value: unknown): Made {
  return describe(mediaType, new TextEncoder().encode(JSON.stringify(value)));
}

/** Bytes that do not compress, the same for the same seed. */
export function noise(size: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let at = 0; at < words.length; at++) {
    // xorshift32: https://www.jstatsoft.org/article/view/v008i14
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** A tar of the given files. */
export function tarOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  mtime: Date = new Date(0),
): Promise<Uint8Array> {
  return packTar(
    Object.entries(files).map(([name, body]) => ({
      header: {
        name,
        size: typeof body === "string"
          ? new TextEncoder().encode(body).length
          : body.length,
        mode: 0o644,
        mtime,
        type: "file" as const,
      },
      body,
    })),
  );
}

/** A gzipped tar of the given files: a real layer. */
export async function layer(
  files: Readonly<Record<string, string | Uint8Array>>,
  family: Family = "oci",
): Promise<Made & { readonly diffId: Digest }> {
  const tar = await tarOf(files);
  const zipped = new Blob([new Uint8Array(tar)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(zipped).arrayBuffer());
  return { ...describe(TYPES[family].layer, bytes), diffId: sha256(tar) };
}

/** Options for {@linkcode image}. */
export interface ImageOptions {
  /** Which media types. @default {"oci"} */
  readonly family?: Family;
  /** What it runs on. @default {linux/amd64} */
  readonly platform?: Platform;
  /** Changes every byte of it. @default {1} */
  readonly seed?: number;
  /** How many layers. @default {2} */
  readonly layers?: number;
  /** The size of the file in each layer. @default {4096} */
  readonly layerSize?: number;
  /** Layers to begin with, such as those of a base image. */
  readonly base?: readonly (Made & { readonly diffId: Digest })[];
  /** The labels of its configuration. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The annotations of its manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What it refers to. */
  readonly subject?: Descriptor;
}

/** An image for one platform. */
export async function image(options: ImageOptions = {}): Promise<Graph> {
  const {
    family = "oci",
    platform = { os: "linux", architecture: "amd64" },
    seed = 1,
    layers: count = 2,
    layerSize = 4096,
    base = [],
    labels = { "org.example.seed": String(seed) },
    annotations,
    subject,
  } = options;
  const types = TYPES[family];
  const layers = [...base];
  for (let at = 0; at < count; at++) {
    const file = `data/${seed}-${at}.bin`;
    layers.push(
      await layer({
        [file]: noise(layerSize, seed * 1000 + at),
        "etc/os-release": `ID=example\nVERSION_ID=${seed}.${at}\n`,
      }, family),
    );
  }
  const config = describeJson(types.config, {
    created: "2026-01-02T03:04:05Z",
    author: "somebody",
    ...platform,
    config: {
      User: "1000",
      Env: ["PATH=/bin", `SEED=${seed}`],
      Entrypoint: ["/bin/app"],
      Cmd: ["--help"],
      WorkingDir: "/data",
      Labels: labels,
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_, at) => ({
      created: "2026-01-02T03:04:05Z",
      created_by: `COPY layer ${at}`,
    })),
  });
  const manifest = describeJson(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(subject && { subject: plain(subject) }),
    ...(annotations && { annotations }),
  });
  return {
    root: { ...manifest.descriptor, platform },
    manifests: [manifest],
    blobs: unique([config, ...layers]),
  };
}

/** Options for {@linkcode index}. */
export interface IndexOptions {
  /** Which media types. @default {"oci"} */
  readonly family?: Family;
  /** Annotations of the index. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What it refers to. */
  readonly subject?: Descriptor;
}

/** An index of images, of further indexes or of artifacts. */
export function index(
  children: readonly Graph[],
  options: IndexOptions = {},
): Graph {
  const { family = "oci", annotations, subject } = options;
  const type = TYPES[family].index;
  const manifest = describeJson(type, {
    schemaVersion: 2,
    mediaType: type,
    manifests: children.map(({ root }) => root),
    ...(subject && { subject: plain(subject) }),
    ...(annotations && { annotations }),
  });
  return {
    root: manifest.descriptor,
    manifests: unique([
      ...children.flatMap(({ manifests }) => manifests),
      manifest,
    ]),
    blobs: unique(children.flatMap(({ blobs }) => blobs)),
  };
}

/** Platforms of a usual multi-platform image. */
export const PLATFORMS: readonly Platform[] = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "arm64", variant: "v8" },
  { os: "linux", architecture: "arm", variant: "v7" },
  { os: "linux", architecture: "s390x" },
];

/** An index with an image for each of the first `count` of {@linkcode PLATFORMS}. */
export async function multiPlatform(
  count: number,
  options: Omit<ImageOptions, "platform" | "subject"> = {},
): Promise<Graph> {
  const { family = "oci", seed = 1 } = options;
  const images: Graph[] = [];
  for (const [at, platform] of PLATFORMS.slice(0, count).entries()) {
    images.push(
      await image({ ...options, platform, seed: seed * 100 + at }),
    );
  }
  return index(images, { family });
}

/** Options for {@linkcode artifact}. */
export interface ArtifactOptions {
  /** What it is. @default {"application/vnd.example.sbom"} */
  readonly artifactType?: string;
  /** What it refers to. */
  readonly subject?: Descriptor;
  /** Its files, by title. */
  readonly files?: Readonly<Record<string, string>>;
  /** The annotations of its manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An artifact: an OCI manifest with an empty configuration. */
export function artifact(options: ArtifactOptions = {}): Graph {
  const {
    artifactType = "application/vnd.example.sbom",
    subject,
    files = { "sbom.json": `{"name":"example"}` },
    annotations,
  } = options;
  const config = describeJson("application/vnd.oci.empty.v1+json", {});
  const blobs = Object.entries(files).map(([title, text]) => {
    const blob = describe(artifactType, new TextEncoder().encode(text));
    const annotations = { "org.opencontainers.image.title": title };
    return { ...blob, descriptor: { ...blob.descriptor, annotations } };
  });
  const manifest = describeJson(TYPES.oci.manifest, {
    schemaVersion: 2,
    mediaType: TYPES.oci.manifest,
    artifactType,
    config: config.descriptor,
    layers: blobs.map(({ descriptor }) => descriptor),
    ...(subject && { subject: plain(subject) }),
    ...(annotations && { annotations }),
  });
  return {
    root: manifest.descriptor,
    manifests: [manifest],
    blobs: unique([config, ...blobs]),
  };
}

/** A descriptor as a subject has it: type, digest and size. */
function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

function unique(made: readonly Made[]): Made[] {
  return [
    ...new Map(made.map((one) => [one.descriptor.digest, one])).values(),
  ];
}

async function expectStatus(
  answer: Response,
  ...statuses: number[]
): Promise<Response> {
  if (statuses.includes(answer.status)) return answer;
  throw new Error(
    `${answer.url}: ${answer.status}: ${await answer.text()}`,
  );
}

/** Pushes a blob with plain requests; `repository` is `http://host/v2/name`. */
export async function pushBlob(repository: string, blob: Made): Promise<void> {
  const started = await expectStatus(
    await fetch(`${repository}/blobs/uploads/`, { method: "POST" }),
    202,
  );
  await started.body?.cancel();
  const location = new URL(
    started.headers.get("location") ?? "",
    `${repository}/blobs/uploads/`,
  );
  location.searchParams.set("digest", blob.descriptor.digest);
  const ended = await expectStatus(
    await fetch(location, {
      method: "PUT",
      body: blob.bytes,
      headers: { "content-type": "application/octet-stream" },
    }),
    201,
  );
  await ended.body?.cancel();
}

/** Pushes a graph with plain requests, its root under each of the tags. */
export async function pushGraph(
  url: string,
  repository: string,
  graph: Graph,
  tags: readonly string[] = [],
): Promise<void> {
  const base = `${url}/v2/${repository}`;
  for (const blob of graph.blobs) await pushBlob(base, blob);
  for (const { descriptor, bytes } of graph.manifests) {
    const isRoot = descriptor.digest === graph.root.digest;
    for (const name of [descriptor.digest, ...(isRoot ? tags : [])]) {
      const answer = await expectStatus(
        await fetch(`${base}/manifests/${name}`, {
          method: "PUT",
          body: bytes,
          headers: { "content-type": descriptor.mediaType },
        }),
        201,
      );
      await answer.body?.cancel();
    }
  }
}

/** Writes a graph as an OCI layout directory, its root under a tag. */
export async function writeLayout(
  dir: string,
  graph: Graph,
  tag: string,
): Promise<void> {
  await Deno.mkdir(`${dir}/blobs/sha256`, { recursive: true });
  for (const { descriptor, bytes } of [...graph.blobs, ...graph.manifests]) {
    const hex = descriptor.digest.slice("sha256:".length);
    await Deno.writeFile(`${dir}/blobs/sha256/${hex}`, bytes);
  }
  await Deno.writeTextFile(
    `${dir}/oci-layout`,
    `{"imageLayoutVersion":"1.0.0"}`,
  );
  const annotations = { "org.opencontainers.image.ref.name": tag };
  await Deno.writeTextFile(
    `${dir}/index.json`,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: TYPES.oci.index,
      manifests: [{ ...plain(graph.root), annotations }],
    }),
  );
}

/** Bytes in pieces of a mebibyte, the same for the same size: nothing is held. */
export function* bigBytes(
  mebibytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const piece = noise(1024 * 1024, mebibytes);
  for (let at = 0; at < mebibytes; at++) {
    new DataView(piece.buffer).setUint32(0, at);
    yield piece.slice(); // the reader may hold it while the next one is made
  }
}

/** The digest of {@linkcode bigBytes}. */
export function bigDigest(mebibytes: number): Digest {
  const hash = createHash("sha256");
  for (const piece of bigBytes(mebibytes)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

/** Pushes an image with one layer of {@linkcode bigBytes}, in chunks. */
export async function pushBigImage(
  url: string,
  repository: string,
  mebibytes: number,
  tag: string,
): Promise<Descriptor> {
  const base = `${url}/v2/${repository}`;
  const digest = bigDigest(mebibytes);
  const started = await expectStatus(
    await fetch(`${base}/blobs/uploads/`, { method: "POST" }),
    202,
  );
  await started.body?.cancel();
  const at = (answer: Response) =>
    new URL(answer.headers.get("location") ?? "", base);
  const sent = await expectStatus(
    await fetch(at(started), {
      method: "PATCH",
      body: ReadableStream.from(bigBytes(mebibytes)),
      headers: { "content-type": "application/octet-stream" },
    }),
    202,
  );
  await sent.body?.cancel();
  const finish = at(sent);
  finish.searchParams.set("digest", digest);
  const ended = await expectStatus(
    await fetch(finish, { method: "PUT" }),
    201,
  );
  await ended.body?.cancel();
  const config = describeJson(TYPES.oci.config, {
    os: "linux",
    architecture: "amd64",
    rootfs: { type: "layers", diff_ids: [digest] },
  });
  const layer: Descriptor = {
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    digest,
    size: mebibytes * 1024 * 1024,
  };
  const manifest = describeJson(TYPES.oci.manifest, {
    schemaVersion: 2,
    mediaType: TYPES.oci.manifest,
    config: config.descriptor,
    layers: [layer],
  });
  await pushGraph(url, repository, {
    root: manifest.descriptor,
    manifests: [manifest],
    blobs: [config],
  }, [tag]);
  return manifest.descriptor;
}
