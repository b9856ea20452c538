/**
 * Manifests on a registry.
 *
 * @module
 */
import { isRegError, RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import type {
  CallOptions,
  Descriptor,
  ManifestBytes,
  Resolved,
} from "../core.ts";
import { algorithmOf, isDigest, parseDigest } from "../digest.ts";
import { discard } from "../http/responses.ts";
import { describeManifest, MANIFEST_LIMIT } from "../manifest.ts";
import { ACCEPTED_MANIFESTS, baseMediaType } from "../media_types.ts";
import { DigestError } from "../verify.ts";
import { ask, type RegistryContext } from "./registry_context.ts";

const ACCEPT = { accept: ACCEPTED_MANIFESTS.join(", ") } as const;

/** Options for reading manifests. */
export interface ReadManifestOptions extends CallOptions {
  /** Asks the registry itself, not its mirrors. @default {false} */
  readonly direct?: boolean | undefined;
}

/** How messages name a manifest. */
export function manifestName(
  context: RegistryContext,
  tagOrDigest: string,
): string {
  const separator = tagOrDigest.includes(":") ? "@" : ":";
  return JSON.stringify(`${context.name}${separator}${tagOrDigest}`);
}

/**
 * Asks for a manifest's descriptor by HEAD; `undefined` where the answer does not
 * say enough, so that only the manifest itself tells.
 */
export async function headManifest(
  context: RegistryContext,
  tagOrDigest: string,
  options: ReadManifestOptions = {},
): Promise<Resolved | undefined> {
  if (context.host.apiOpts?.disableHead === "true") return undefined;
  const action = `Cannot look up manifest ${
    manifestName(context, tagOrDigest)
  }`;
  const headers = await head(context, tagOrDigest, { ...options, action });
  if (headers === undefined) return undefined;
  const said = headers.get("docker-content-digest");
  const digest = isDigest(tagOrDigest) ? tagOrDigest : said;
  const size = Number(headers.get("content-length") ?? NaN);
  const mediaType = baseMediaType(headers.get("content-type") ?? "");
  if (
    digest === null || !isDigest(digest) || !Number.isSafeInteger(size) ||
    size <= 0 || mediaType === ""
  ) return undefined;
  if (said !== null && isDigest(said)) mustEqual(action, digest, said);
  return { mediaType, digest: parseDigest(digest), size, headers };
}

async function head(
  context: RegistryContext,
  tagOrDigest: string,
  options: ReadManifestOptions & { readonly action: string },
): Promise<Headers | undefined> {
  const { action, direct, signal } = options;
  try {
    const response = await ask(context, action, {
      kind: "manifest",
      method: "HEAD",
      path: `manifests/${tagOrDigest}`,
      headers: ACCEPT,
      direct,
      signal,
    });
    await discard(response);
    return response.headers;
  } catch (error) {
    if (isRegError(error, "unsupported")) return undefined;
    throw error;
  }
}

/** Gets a manifest and verifies it. */
export async function getManifest(
  context: RegistryContext,
  tagOrDigest: string,
  options: ReadManifestOptions = {},
): Promise<ManifestBytes> {
  const { direct, signal } = options;
  const action = `Cannot get manifest ${manifestName(context, tagOrDigest)}`;
  if (tagOrDigest.includes(":")) parseDigest(tagOrDigest);
  const response = await ask(context, action, {
    kind: "manifest",
    method: "GET",
    path: `manifests/${tagOrDigest}`,
    headers: ACCEPT,
    direct,
    signal,
  });
  const { headers } = response;
  const bytes = response.body
    ? await collect(response.body, MANIFEST_LIMIT)
    : new Uint8Array();
  const said = headers.get("docker-content-digest") ?? "";
  const wanted = isDigest(tagOrDigest) ? tagOrDigest : said;
  const known = isDigest(wanted) ? wanted : undefined;
  const described = naming(action, () =>
    describeManifest(
      bytes,
      headers.get("content-type") ?? "",
      known === undefined ? "sha256" : algorithmOf(known),
    ));
  if (known !== undefined) {
    mustEqual(action, known, described.descriptor.digest);
  }
  return { ...described, headers };
}

/** Says of which manifest the bytes are wrong. */
function naming<Value>(action: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!isRegError(error)) throw error;
    throw new RegError(error.code, `${action}: ${error.message}`, {
      cause: error,
    });
  }
}

function mustEqual(action: string, expected: string, got: string): void {
  if (expected === got) return;
  const cause = new DigestError(parseDigest(expected), parseDigest(got));
  throw new RegError(
    "mismatch",
    `${action}: manifest digest mismatch, expected ${expected}, computed ${got}`,
    { cause },
  );
}

/** A manifest to store. */
export interface ManifestToPut {
  /** What the bytes are. */
  readonly descriptor: Descriptor;
  /** The bytes, sent as they are. */
  readonly bytes: Uint8Array;
}

/** Options for {@linkcode putManifest}. */
export interface PutManifestOptions extends CallOptions {
  /** The tag; by digest alone where it is left out. */
  readonly tag?: string | undefined;
  /** Further headers, such as a condition. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Stores a manifest.
 *
 * @returns The headers of the answer.
 */
export async function putManifest(
  context: RegistryContext,
  manifest: ManifestToPut,
  options: PutManifestOptions = {},
): Promise<Headers> {
  const { descriptor } = manifest;
  const { tag, ...sent } = options;
  if (tag === undefined || algorithmOf(descriptor.digest) === "sha256") {
    return await put(context, manifest, tag ?? descriptor.digest, sent);
  }
  // A tag alone makes the registry choose the algorithm.
  const byDigest = `${descriptor.digest}?tag=${encodeURIComponent(tag)}`;
  const headers = await put(context, manifest, byDigest, sent);
  const tags = (headers.get("oci-tag") ?? "").split(",");
  if (tags.some((text) => text.trim() === tag)) return headers;
  const byTag = `${tag}?digest=${descriptor.digest}`;
  return await put(context, manifest, byTag, sent);
}

async function put(
  context: RegistryContext,
  manifest: ManifestToPut,
  path: string,
  options: Omit<PutManifestOptions, "tag">,
): Promise<Headers> {
  const { descriptor, bytes } = manifest;
  const { signal, headers } = options;
  const [target = ""] = path.split("?");
  const action = `Cannot put manifest ${manifestName(context, target)}`;
  const response = await ask(context, action, {
    kind: "manifest",
    method: "PUT",
    path: `manifests/${path}`,
    headers: { ...headers, "content-type": descriptor.mediaType },
    body: bytes,
    signal,
  });
  await discard(response);
  const said = response.headers.get("docker-content-digest");
  if (said !== null && isDigest(said)) {
    if (algorithmOf(said) === algorithmOf(descriptor.digest)) {
      mustEqual(action, descriptor.digest, said);
    }
  }
  return response.headers;
}
