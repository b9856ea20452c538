/**
 * Deletes manifests.
 *
 * @module
 */
import { isRegError, RegError } from "../base/errors.ts";
import { type Abilities, type CallOptions, can, type Store } from "./core.ts";
import { isDigest } from "./digest.ts";

/** Options for {@linkcode deleteManifest}. */
export interface DeleteManifestOptions extends CallOptions {
  /** Takes a manifest that is not there for deleted. @default {false} */
  readonly ignoreMissing?: boolean | undefined;
  /** First takes it out of the referrers of its subject, where nobody else does. @default {false} */
  readonly referrers?: boolean | undefined;
}

/**
 * Deletes the manifest that a tag or a digest names, and with it every tag that
 * points at it. Stores that keep the referrers of a subject in a list of their
 * own take the manifest out of it.
 *
 * @throws {RegError} `not_found`; `unsupported` where the store cannot.
 */
export async function deleteManifest(
  store: Store & Partial<Abilities>,
  tagOrDigest: string,
  options: DeleteManifestOptions = {},
): Promise<void> {
  const { ignoreMissing = false, referrers = false, signal } = options;
  if (!can(store, "deleteManifest")) {
    throw new RegError(
      "unsupported",
      `Cannot delete manifests of "${store.name}"`,
    );
  }
  try {
    const node = isDigest(tagOrDigest)
      ? { mediaType: "", digest: tagOrDigest, size: -1 }
      : await store.resolve(tagOrDigest, { signal });
    if (referrers && can(store, "unlist")) await store.unlist(node, { signal });
    await store.deleteManifest(node, { signal });
  } catch (error) {
    if (ignoreMissing && await isGone(store, tagOrDigest, error)) return;
    throw error;
  }
}

/** Whether a failure means no more than that there is nothing to delete. */
async function isGone(
  store: Store,
  tagOrDigest: string,
  error: unknown,
): Promise<boolean> {
  if (isRegError(error, "not_found")) return true;
  if (!isRegError(error)) return false;
  try {
    await store.resolve(tagOrDigest);
    return false;
  } catch (second) {
    return isRegError(second, "not_found");
  }
}
