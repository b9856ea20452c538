/**
 * Artifacts: files under an image manifest.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type {
  Body,
  Descriptor,
  ManifestBytes,
  PushOptions,
  Store,
} from "./core.ts";
import { encodeGo, SHAPES } from "./go_json.ts";
import { describeManifest } from "./manifest.ts";
import { MEDIA_TYPES } from "./media_types.ts";

/** A blob, and how to read it. */
export interface BlobContent {
  /** What names the bytes. */
  readonly node: Descriptor;
  /** Opens the bytes. */
  readonly body: Body;
}

/** What an artifact is made of. */
export interface NewArtifact {
  /** The form of the manifest. @default {MEDIA_TYPES.ociManifest} */
  readonly mediaType?: string | undefined;
  /** What the artifact is. */
  readonly artifactType?: string | undefined;
  /** The config. */
  readonly config: Descriptor;
  /** The files. */
  readonly layers: readonly Descriptor[];
  /** What it refers to. */
  readonly subject?: Descriptor | undefined;
  /** Free text by key. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/**
 * Makes the manifest of an artifact.
 *
 * @throws {RegError} `unsupported` for another form than OCI's two.
 */
export function makeArtifact(artifact: NewArtifact): ManifestBytes {
  const { mediaType = MEDIA_TYPES.ociManifest, artifactType, config, layers } =
    artifact;
  const { subject, annotations = {} } = artifact;
  const rest = {
    ...(artifactType ? { artifactType } : {}),
    ...(subject ? { subject } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  const encode = (text: string) =>
    describeManifest(new TextEncoder().encode(text), mediaType);
  switch (mediaType) {
    case MEDIA_TYPES.ociManifest:
      return encode(encodeGo(
        { schemaVersion: 2, mediaType, config, layers, ...rest },
        SHAPES.ociManifest,
      ));
    case MEDIA_TYPES.ociArtifact:
      return encode(
        encodeGo({ mediaType, blobs: layers, ...rest }, SHAPES.ociArtifact),
      );
    default:
      throw new RegError(
        "unsupported",
        `unsupported manifest media type: ${mediaType}`,
      );
  }
}

/** Stores a blob, unless it is there. */
export async function pushMissing(
  store: Store,
  { node, body }: BlobContent,
  options: PushOptions = {},
): Promise<void> {
  const { signal } = options;
  if (!await store.exists(node, { signal })) {
    await store.push(node, body, options);
  }
}

/** A media type as RFC 6838 spells one. */
const NAME = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}";
const MEDIA_TYPE = new RegExp(`^${NAME}/${NAME}$`);

/**
 * Refuses what is no media type.
 *
 * @throws {RegError} `usage`
 */
export function checkMediaType(text: string): string {
  if (MEDIA_TYPE.test(text)) return text;
  throw new RegError("usage", `invalid media type: ${text}`);
}
