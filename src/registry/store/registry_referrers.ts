/**
 * Referrers on a registry: by its API, or by the tag that stands in for it.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers}.
 *
 * @module
 */
import { isRegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import type {
  CallOptions,
  Descriptor,
  Referrers,
  ReferrersOptions,
} from "../core.ts";
import type { JsonObject } from "../go_json.ts";
import { nextLink } from "../http/link.ts";
import { HttpError } from "../http/response_error.ts";
import {
  type IndexManifest,
  type Manifest,
  MANIFEST_LIMIT,
  parseManifest,
} from "../manifest.ts";
import {
  fallbackTag,
  referrerOf,
  withoutReferrer,
  withReferrer,
} from "../referrers_index.ts";
import { ask, type RegistryContext } from "./registry_context.ts";
import { changeListing, readListing } from "./registry_listing.ts";

/** More pages than these are a server that leads in circles. */
const PAGES = 1000;

/** Lists the manifests whose subject is `node`. */
export async function listReferrers(
  context: RegistryContext,
  node: Descriptor,
  options: ReferrersOptions = {},
): Promise<Referrers> {
  if (!context.facts.lacksReferrers(context.name)) {
    const listed = await byApi(context, node, options);
    if (listed !== undefined) return listed;
    context.facts.learnNoReferrers(context.name);
  }
  return await byTag(context, node, options);
}

async function byApi(
  context: RegistryContext,
  node: Descriptor,
  options: ReferrersOptions,
): Promise<Referrers | undefined> {
  const { artifactType, signal } = options;
  const filter = artifactType === undefined || artifactType === ""
    ? ""
    : `?artifactType=${encodeURIComponent(artifactType)}`;
  const found = new Map<string, Descriptor>();
  let next: string | undefined = `referrers/${node.digest}${filter}`;
  let last: Referrers | undefined;
  for (let page = 0; page < PAGES && next !== undefined; page++) {
    const response = await askPage(context, next, { node, signal });
    if (response === undefined) return undefined;
    const { headers } = response;
    const bytes = response.body
      ? await collect(response.body, MANIFEST_LIMIT)
      : new Uint8Array();
    const index = readIndex(bytes);
    // A page that is no index comes from something that is no referrers API.
    if (index === undefined) return undefined;
    for (const entry of index.manifests) {
      if (!found.has(entry.digest)) found.set(entry.digest, entry);
    }
    const { annotations } = index;
    last = { descriptors: [], annotations, bytes, headers };
    const link = nextLink(headers.get("link"), response.url);
    next = link === response.url ? undefined : link;
  }
  return last && { ...last, descriptors: [...found.values()] };
}

async function askPage(
  context: RegistryContext,
  path: string,
  options: CallOptions & { readonly node: Descriptor },
): Promise<Response | undefined> {
  const { node, signal } = options;
  const action = `Cannot list referrers of ${
    JSON.stringify(`${context.name}@${node.digest}`)
  }`;
  try {
    return await ask(context, action, {
      kind: "list",
      method: "GET",
      path,
      signal,
    });
  } catch (error) {
    // Registries without the API answer 404, 400, 405 and others. What says
    // nothing about the API must not pass for "no referrers".
    const lacks = error instanceof HttpError && error.status < 500 &&
      ![401, 403, 408, 429].includes(error.status);
    if (lacks || isRegError(error, "unsupported")) return undefined;
    throw error;
  }
}

function readIndex(bytes: Uint8Array): IndexManifest | undefined {
  try {
    const manifest = parseManifest(bytes);
    return manifest.kind === "index" ? manifest : undefined;
  } catch {
    return undefined;
  }
}

async function byTag(
  context: RegistryContext,
  node: Descriptor,
  options: CallOptions,
): Promise<Referrers> {
  const tag = fallbackTag(node.digest);
  const listed = await readListing(context, tag, options);
  if (listed === undefined) return { descriptors: [], fallbackTag: tag };
  const { index, bytes, headers } = listed;
  return {
    descriptors: index.manifests,
    annotations: index.annotations,
    bytes,
    ...(headers ? { headers } : {}),
    fallbackTag: tag,
  };
}

/**
 * Lists a manifest with a subject under the subject's tag; called after a push
 * that the registry did not acknowledge with `OCI-Subject`.
 */
export async function listUnderTag(
  context: RegistryContext,
  pushed: { readonly node: Descriptor; readonly manifest: Manifest },
  options: CallOptions = {},
): Promise<void> {
  const { node, manifest } = pushed;
  const subject = manifest.subject?.digest;
  if (subject === undefined) return;
  const entry = referrerOf(node, manifest);
  const change = (list: JsonObject) => withReferrer(list, entry);
  await changeListing(context, subject, { ...options, change });
}

/**
 * Takes a manifest out of the list under its subject's tag, where the registry has
 * no API that does it by itself. The tag of an empty list is deleted.
 */
export async function unlistUnderTag(
  context: RegistryContext,
  deleted: { readonly node: Descriptor; readonly manifest: Manifest },
  options: CallOptions & {
    /** Deletes a tag. */
    readonly untag: (tag: string) => Promise<void>;
  },
): Promise<void> {
  const { subject } = deleted.manifest;
  if (subject === undefined) return;
  const { signal } = options;
  const listed = await listReferrers(context, subject, { signal });
  if (listed.fallbackTag === undefined) return;
  const change = (list: JsonObject) =>
    withoutReferrer(list, deleted.node.digest);
  await changeListing(context, subject.digest, { ...options, change });
}
