/**
 * New images, of a config and nothing else.
 *
 * @module
 */
import { fromBytes, skipped } from "../base/streams.ts";
import { RegError } from "../base/errors.ts";
import type {
  CallOptions,
  Descriptor,
  ManifestBytes,
  Platform,
  Store,
} from "./core.ts";
import { digestOf } from "./digest.ts";
import { encodeGo, SHAPES } from "./go_json.ts";
import { isImageType, MEDIA_TYPES } from "./media_types.ts";

/** What a new image says of itself. */
export interface NewImage {
  /** OCI or Docker v2. @default {MEDIA_TYPES.ociManifest} */
  readonly mediaType?: string | undefined;
  /** What it runs on. */
  readonly platform?: Platform | undefined;
  /** When it was made, RFC 3339. */
  readonly created?: string | undefined;
  /** The labels in the config. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The annotations of the manifest. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** A manifest, and the config that it names. */
export interface MadeImage {
  /** The manifest. */
  readonly manifest: ManifestBytes;
  /** What names the config. */
  readonly config: Descriptor;
  /** The config. */
  readonly configBytes: Uint8Array<ArrayBuffer>;
}

/**
 * Makes an image without layers.
 *
 * @throws {RegError} `unsupported` for a media type that is no image.
 */
export function makeImage(options: NewImage = {}): MadeImage {
  const { mediaType = MEDIA_TYPES.ociManifest, platform, created } = options;
  const { labels = {}, annotations = {} } = options;
  if (!isImageType(mediaType)) {
    throw new RegError(
      "unsupported",
      `unsupported manifest media type: ${mediaType}`,
    );
  }
  const isOci = mediaType === MEDIA_TYPES.ociManifest;
  const configBytes = new TextEncoder().encode(encodeGo({
    architecture: "",
    os: "",
    ...platform,
    ...(created ? { created } : {}),
    ...(Object.keys(labels).length > 0 ? { config: { Labels: labels } } : {}),
    rootfs: { type: "layers", diff_ids: [] },
  }, SHAPES.imageConfig));
  const config: Descriptor = {
    mediaType: isOci ? MEDIA_TYPES.ociConfig : MEDIA_TYPES.dockerConfig,
    digest: digestOf(configBytes),
    size: configBytes.length,
  };
  const bytes = new TextEncoder().encode(encodeGo({
    schemaVersion: 2,
    mediaType,
    config,
    layers: null, // upstream's nil slice
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  }, isOci ? SHAPES.ociManifest : SHAPES.dockerManifest));
  const descriptor = {
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
  };
  return { manifest: { descriptor, bytes }, config, configBytes };
}

/** Stores bytes as a blob, unless they are there. */
export async function pushBytes(
  store: Store,
  node: Descriptor,
  options: CallOptions & { readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const { bytes, signal } = options;
  if (await store.exists(node, { signal })) return;
  const body = ({ offset = 0 } = {}) =>
    Promise.resolve(skipped(fromBytes(bytes), offset));
  await store.push(node, body, { signal });
}
