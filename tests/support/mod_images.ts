/**
 * Images for tests of modifications, their layers unpacked: no compressor has a
 * hand in them, so that digests are the same everywhere, upstream's too.
 */
import type { Reference } from "../../src/registry/reference.ts";
import type { Descriptor, Digest } from "../../src/registry/core.ts";
import type { Modification } from "../../src/registry/mod/modification.ts";
import { modImage } from "../../src/registry/mod/mod_image.ts";
import { MemoryStore } from "../../src/registry/store/memory.ts";
import { type NewEntry, writeTar } from "../../src/registry/tar/writer.ts";
import {
  artifact,
  describe,
  describeJson,
  type Family,
  type Graph,
  index,
  type Made,
  sha256,
} from "./images.ts";
import { fill } from "./stores.ts";

const TYPES = {
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar",
  },
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar",
  },
} as const;

/** When modifications in tests are made: what is added says so. */
export const NOW: Date = new Date(1_700_000_000_000);

type Layer = Made & { readonly diffId: Digest };

/** A tar of files, some seconds after a fixed moment. */
export async function tarOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  seconds: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = Object.entries(files).map(([name, text]): NewEntry => {
    const body = typeof text === "string"
      ? new TextEncoder().encode(text)
      : text;
    const mtime = BigInt(1_600_000_000 + seconds) * 1_000_000_000n;
    const header = {
      name,
      size: body.length,
      mode: 0o644,
      mtime,
      uname: "root",
      gname: "root",
    };
    return { header, body: [body] };
  });
  return await new Response(ReadableStream.from(writeTar(entries))).bytes();
}

async function layerOf(
  family: Family,
  files: Readonly<Record<string, string | Uint8Array>>,
  seconds: number,
): Promise<Layer> {
  const tar = await tarOf(files, seconds);
  return { ...describe(TYPES[family].layer, tar), diffId: sha256(tar) };
}

interface ImageParts {
  readonly family: Family;
  readonly architecture: string;
  readonly layers: readonly Layer[];
  readonly history?: readonly unknown[];
  readonly annotations?: Readonly<Record<string, string>>;
}

function imageOf(parts: ImageParts): Graph {
  const { family, architecture, layers, annotations } = parts;
  const types = TYPES[family];
  const empty = (created: string, created_by: string) => ({
    created,
    created_by,
    empty_layer: true,
  });
  const history = parts.history ?? [
    empty("2020-01-01T00:00:00Z", "ARG foo=bar"),
    ...layers.map((_, at) => ({
      created: `2020-01-0${at + 1}T00:00:00Z`,
      created_by: at % 2
        ? "RUN |1 foo=bar /bin/sh -c make"
        : `COPY file${at} /`,
    })),
    empty("2021-01-02T03:04:05Z", `CMD ["sh"]`),
  ];
  const config = describeJson(types.config, {
    created: "2021-01-02T03:04:05.678900Z",
    architecture,
    os: "linux",
    config: {
      User: "u",
      ExposedPorts: { "80/tcp": {} },
      Env: ["PATH=/bin", "A=b"],
      Cmd: ["sh"],
      Volumes: { "/data": {} },
      Labels: { a: "1", b: "<x>", created: "2022-02-02T02:02:02Z" },
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history,
  });
  const manifest = describeJson(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(annotations && { annotations }),
  });
  return {
    root: { ...manifest.descriptor, platform: { os: "linux", architecture } },
    manifests: [manifest],
    blobs: [config, ...layers],
  };
}

const baseHistory = (mark: string) => [
  {
    created: "2020-01-01T00:00:00Z",
    created_by: "ARG foo=bar",
    empty_layer: true,
  },
  { created: "2020-01-01T00:00:00Z", created_by: `base 0${mark}` },
  { created: "2020-01-02T00:00:00Z", created_by: `base 1${mark}` },
];

async function family(family: Family): Promise<Record<string, Graph>> {
  const layer = (
    files: Readonly<Record<string, string | Uint8Array>>,
    seconds: number,
  ) => layerOf(family, files, seconds);
  const one = await layer({ "base/a": "1", "etc/x": "y" }, 1);
  const two = await layer({ "base/a": "2" }, 2);
  const newTwo = await layer({ "base/a": "3" }, 22);
  const three = await layer({ "app/bin": "bin", "app/lib/z": "z" }, 3);
  const strip = await layer({ "strip/me": "1" }, 4);
  const tar = await layer(
    { "data.tar": await tarOf({ "in/side": "1" }, 5) },
    6,
  );
  const amd64 = { family, architecture: "amd64" };
  const image = imageOf({ ...amd64, layers: [one, two, three, strip] });
  const arm64 = imageOf({
    family,
    architecture: "arm64",
    layers: [one, three],
  });
  const base1 = imageOf({
    ...amd64,
    layers: [one, two],
    history: baseHistory(""),
  });
  const base2 = imageOf({
    ...amd64,
    layers: [one, newTwo],
    history: baseHistory(" new"),
  });
  const mine = { created: "2020-02-02T00:00:00Z", created_by: "mine" };
  const onBase = imageOf({
    ...amd64,
    layers: [one, two, three],
    history: [...baseHistory(""), mine],
    annotations: {
      "org.opencontainers.image.base.name": `ocidir://up:${family}-base2`,
      "org.opencontainers.image.base.digest": base1.root.digest,
    },
  });
  return {
    [`${family}-one`]: image,
    [`${family}-idx`]: index([image, arm64], {
      family,
      annotations: { top: "yes" },
    }),
    [`${family}-base1`]: base1,
    [`${family}-base2`]: base2,
    [`${family}-onbase`]: onBase,
    [`${family}-tar`]: imageOf({ ...amd64, layers: [one, tar] }),
  };
}

/** The images by name: `oci-one`, `docker-idx` and so on. */
export async function modImages(): Promise<Readonly<Record<string, Graph>>> {
  const oci = { family: "oci", layers: [] } as const;
  const one = imageOf({
    ...oci,
    architecture: "amd64",
    annotations: { x: "1", y: "2" },
  });
  const two = imageOf({
    ...oci,
    architecture: "arm64",
    annotations: { x: "1", y: "3" },
  });
  const attestation = artifact({ files: { "a.json": "{}" } });
  const root: Descriptor = {
    ...attestation.root,
    platform: { os: "unknown", architecture: "unknown" },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": one.root.digest,
    },
  };
  return {
    ...await family("oci"),
    ...await family("docker"),
    anno: index([one, two]),
    att: index([one, two, { ...attestation, root }]),
  };
}

/** A repository with all of {@linkcode modImages}. */
export async function modStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [name, graph] of Object.entries(await modImages())) {
    await fill(store, graph, name);
  }
  return store;
}

/** Changes an image of a repository, and gives what names the result. */
export async function modIn(
  store: MemoryStore,
  image: string,
  ...modifications: readonly Modification[]
): Promise<Descriptor> {
  return await modImage(image, {
    from: store,
    to: store,
    tag: "out",
    modifications,
    now: NOW,
    open: (_reference: Reference) => Promise.resolve(store),
  });
}

/** The JSON of a manifest, with that of its config under `configJson`. */
export async function read(store: MemoryStore, name: string) {
  const { bytes } = await store.manifest(name);
  const json = JSON.parse(new TextDecoder().decode(bytes));
  const configJson = json.config &&
    await new Response(await store.open(json.config)).json();
  return { ...json, configJson };
}

/** A modification, and the command line by which upstream makes it. */
export type UpstreamCase = readonly [
  images: string,
  flags: string,
  modifications: () => readonly Modification[],
];

/**
 * What upstream's result is called for an image and flags: see the file.
 *
 * @param images Names, with commas between.
 */
export async function upstream(): Promise<Readonly<Record<string, string>>> {
  const url = new URL(
    "../registry/mod/testdata/upstream.json",
    import.meta.url,
  );
  return JSON.parse(await Deno.readTextFile(url)).digests;
}
