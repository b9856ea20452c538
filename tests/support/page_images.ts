/**
 * The images that the pages of the documentation speak of. Layers are gzip
 * without compression, so that digests are the same wherever they are made.
 */
import { crc32 } from "node:zlib";
import type { Platform } from "../../src/registry/core.ts";
import {
  artifact,
  describe,
  describeJson,
  type Graph,
  index,
  type Made,
  noise,
  PLATFORMS,
  sha256,
  tarOf,
} from "./images.ts";

type Layer = Made & { readonly diffId: ReturnType<typeof sha256> };

/** When the images were made. */
const CREATED = "2026-01-02T03:04:05Z";

/** Gzip in stored blocks: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4 */
function stored(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: number[] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
  const little = (value: number, size: number) => {
    for (let at = 0; at < size; at++) parts.push(value >>> (8 * at) & 0xff);
  };
  for (let at = 0; at < bytes.length; at += 0xffff) {
    const block = bytes.subarray(at, at + 0xffff);
    parts.push(at + 0xffff >= bytes.length ? 1 : 0);
    little(block.length, 2);
    little(~block.length, 2);
    parts.push(...block);
  }
  little(crc32(bytes), 4);
  little(bytes.length, 4);
  return new Uint8Array(parts);
}

async function layer(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Layer> {
  const tar = await tarOf(files, new Date(CREATED));
  const type = "application/vnd.oci.image.layer.v1.tar+gzip";
  return { ...describe(type, stored(tar)), diffId: sha256(tar) };
}

interface ImageParts {
  readonly platform: Platform;
  readonly layers: readonly Layer[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

function image(parts: ImageParts): Graph {
  const { platform, layers, labels, annotations } = parts;
  const config = describeJson("application/vnd.oci.image.config.v1+json", {
    created: CREATED,
    ...platform,
    config: {
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
      Cmd: ["/bin/sh"],
      ...(labels && { Labels: labels }),
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_, at) => ({
      created: CREATED,
      created_by: at === 0 ? "ADD rootfs.tar.gz /" : "COPY app /app",
    })),
  });
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = describeJson(type, {
    schemaVersion: 2,
    mediaType: type,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(annotations && { annotations }),
  });
  return {
    root: { ...manifest.descriptor, platform },
    manifests: [manifest],
    blobs: [config, ...layers],
  };
}

function architectures(count: number): readonly Platform[] {
  return PLATFORMS.slice(0, count);
}

async function alpineLayer(version: string, at: number): Promise<Layer> {
  return await layer({
    "etc/alpine-release": `${version}\n`,
    "etc/os-release": `ID=alpine\nVERSION_ID=${version}\n`,
    "bin/busybox": noise(2000 + Math.floor(Number(version.slice(2)) * 10), at),
  });
}

/** A small system, for four platforms. */
export async function alpine(version: string): Promise<Graph> {
  return index(
    await Promise.all(
      architectures(4).map(async (platform, at) =>
        image({ platform, layers: [await alpineLayer(version, at)] })
      ),
    ),
  );
}

/** Options for {@linkcode app}. */
export interface AppOptions {
  /** The version of the system it stands on. @default {"3.21.0"} */
  readonly base?: string;
  /** How many platforms. @default {2} */
  readonly platforms?: number;
  /** Annotations of what the tag names. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An application on {@linkcode alpine}. */
export async function app(
  version: string,
  options: AppOptions = {},
): Promise<Graph> {
  const { base = "3.21.0", platforms = 2, annotations } = options;
  const labels = {
    "org.opencontainers.image.source": "https://git.example.org/team/app",
    "org.opencontainers.image.version": version,
  };
  const own = await layer({ "app": noise(3000, 7), "version": `${version}\n` });
  const images = await Promise.all(
    architectures(platforms).map(async (platform, at) =>
      image({
        platform,
        layers: [await alpineLayer(base, at), own],
        labels,
        annotations,
      })
    ),
  );
  const [single] = images;
  if (platforms === 1 && single) return single;
  return index(images, annotations ? { annotations } : {});
}

/** What refers to an image: a list of what is in it, and a signature. */
export function attached({ root }: Graph): readonly Graph[] {
  return [
    artifact({
      subject: root,
      artifactType: "application/spdx+json",
      files: { "sbom.spdx.json": '{"spdxVersion":"SPDX-2.3","name":"app"}\n' },
      annotations: { "org.opencontainers.image.created": CREATED },
    }),
    artifact({
      subject: root,
      artifactType: "application/vnd.example.signature",
      files: { "signature": "signed\n" },
      annotations: { "org.opencontainers.image.created": CREATED },
    }),
  ];
}
