/**
 * Mounts: a blob that the registry has in another repository.
 *
 * @module
 */
import { isAbort } from "../../base/errors.ts";
import type { CallOptions, Descriptor } from "../core.ts";
import { discard } from "../http/responses.ts";
import { ask, type RegistryContext } from "./registry_context.ts";
import { cancelUpload, uploadLocation } from "./registry_upload_session.ts";

/** Options for {@linkcode mountBlob}. */
export interface MountOptions extends CallOptions {
  /** Repositories of the registry that have the blob; anywhere where empty. */
  readonly from: readonly string[];
}

/** How a mount ended. */
export interface Mounted {
  /** The blob is there. */
  readonly mounted: boolean;
  /** The upload that the registry began instead. */
  readonly location?: string;
}

/**
 * Asks for a mount from each candidate until one works. A refusal of whatever kind
 * is no error and slows nothing down: the blob is sent then.
 */
export async function mountBlob(
  context: RegistryContext,
  node: Descriptor,
  options: MountOptions,
): Promise<Mounted> {
  const { from, signal } = options;
  const candidates = from.length > 0 ? from : [undefined];
  let location: string | undefined;
  for (const repository of candidates) {
    const result = await tryMount(context, node, { repository, signal });
    if (result.mounted || result.location !== undefined) {
      if (location !== undefined) await cancelUpload(context, location);
      location = undefined;
    }
    if (result.mounted) return result;
    location ??= result.location;
  }
  return location === undefined
    ? { mounted: false }
    : { mounted: false, location };
}

async function tryMount(
  context: RegistryContext,
  node: Descriptor,
  options: CallOptions & { readonly repository: string | undefined },
): Promise<Mounted> {
  const { repository, signal } = options;
  const query = new URLSearchParams({
    mount: node.digest,
    ...(repository === undefined ? {} : { from: repository }),
  });
  try {
    const response = await ask(context, "Cannot mount blob", {
      kind: "upload",
      method: "POST",
      // Registries compare the text before they decode it: the colon stays.
      path: `blobs/uploads/?${query.toString().replaceAll("%3A", ":")}`,
      ...(repository === undefined ? {} : { alsoPull: [repository] }),
      harmless: true,
      signal,
    });
    await discard(response);
    if (response.status === 201) return { mounted: true };
    const location = uploadLocation(context, response, "Cannot mount blob");
    return { mounted: false, location };
  } catch (error) {
    signal?.throwIfAborted();
    if (isAbort(error)) throw error;
    return { mounted: false };
  }
}
