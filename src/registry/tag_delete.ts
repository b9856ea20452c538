/**
 * Deleting a tag, and nothing but the tag.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import { fromBytes, skipped } from "../base/streams.ts";
import {
  type Abilities,
  type CallOptions,
  can,
  type Descriptor,
  type Store,
} from "./core.ts";
import { digestOf } from "./digest.ts";
import { MEDIA_TYPES } from "./media_types.ts";

/** Options for {@linkcode deleteTag}. */
export interface DeleteTagOptions extends CallOptions {
  /** The time that makes the stand-in unique. @default {now} */
  readonly now?: Date | undefined;
}

/** What deleting a tag needs. */
export type TagDeleter =
  & Store
  & Pick<Abilities, "untag">
  & Partial<Pick<Abilities, "deleteManifest">>;

/**
 * Deletes a tag. Where the registry only deletes manifests, the tag is pointed at
 * a manifest of its own first, which is then deleted: what the tag named stays.
 *
 * @throws {RegError} `not_found` where the tag is not there; what the registry says
 * where it deletes nothing at all, the tag then points at the stand-in.
 */
export async function deleteTag(
  store: TagDeleter,
  tag: string,
  options: DeleteTagOptions = {},
): Promise<void> {
  const { now = new Date(), signal } = options;
  let refusal: unknown;
  try {
    return await store.untag(tag, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    refusal = error;
  }
  if (!can(store, "deleteManifest")) throw refusal;
  // Tells a missing tag from a registry that deletes no tags.
  const { mediaType } = await store.resolve(tag, { signal });
  const standIn = await pushStandIn(store, {
    tag,
    now,
    isDocker: mediaType.startsWith("application/vnd.docker."),
    signal,
  });
  try {
    await store.deleteManifest(standIn, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new RegError(
      error instanceof RegError ? error.code : "http",
      `Cannot delete tag ${
        JSON.stringify(`${store.name}:${tag}`)
      }: failed deleting dummy manifest ${standIn.digest}: ${
        error instanceof Error ? error.message : String(error)
      }`,
      { cause: error },
    );
  }
}

interface StandInOptions extends CallOptions {
  readonly tag: string;
  readonly now: Date;
  readonly isDocker: boolean;
}

/** An image that no other tag can point to: its config names the tag and the time. */
async function pushStandIn(
  store: Store,
  options: StandInOptions,
): Promise<Descriptor> {
  const { tag, now, isDocker, signal } = options;
  const types = isDocker
    ? {
      manifest: MEDIA_TYPES.dockerManifest,
      config: MEDIA_TYPES.dockerConfig,
      layer: MEDIA_TYPES.dockerLayerGzip,
    }
    : {
      manifest: MEDIA_TYPES.ociManifest,
      config: MEDIA_TYPES.ociConfig,
      layer: MEDIA_TYPES.ociLayerGzip,
    };
  const layer = blob(types.layer, {});
  const created = now.toISOString();
  const config = blob(types.config, {
    created,
    architecture: "amd64",
    os: "linux",
    config: {
      Labels: {
        "delete-date": created,
        "delete-tag": tag,
        // Two deletions in the same instant must not share a digest either.
        "delete-id": crypto.randomUUID(),
      },
    },
    rootfs: { type: "layers", diff_ids: [layer.node.digest] },
    history: [{ created, created_by: "tag deletion" }],
  });
  for (const { node, bytes } of [layer, config]) {
    await store.push(
      node,
      (o = {}) => Promise.resolve(skipped(fromBytes(bytes), o.offset ?? 0)),
      { signal },
    );
  }
  const manifest = blob(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: config.node,
    layers: [layer.node],
  });
  await store.putManifest(manifest.node, manifest.bytes, { tag, signal });
  return manifest.node;
}

function blob(
  mediaType: string,
  value: unknown,
): { readonly node: Descriptor; readonly bytes: Uint8Array } {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const node = { mediaType, digest: digestOf(bytes), size: bytes.length };
  return { node, bytes };
}
