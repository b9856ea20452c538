/**
 * Blobs on a registry, to read.
 *
 * @module
 */
import { skipped } from "../../base/streams.ts";
import type {
  CallOptions,
  Descriptor,
  Digest,
  OpenOptions,
  Resolved,
} from "../core.ts";
import { discard } from "../http/responses.ts";
import { UNKNOWN_TYPE } from "../media_types.ts";
import {
  ask,
  type RegistryContext,
  type RepositoryRequest,
} from "./registry_context.ts";

/** Options for {@linkcode getBlob}. */
export interface GetBlobOptions extends OpenOptions {
  /** The slots of the request are held already. */
  readonly held?: boolean | undefined;
}

/** Options for {@linkcode askBlob}. */
export interface BlobRequest
  extends Pick<RepositoryRequest, "path" | "size" | "raw" | "held" | "signal"> {
  /** Where the rest begins, in bytes. */
  readonly offset: number;
}

/**
 * Opens a blob, unverified. Where the registry has it no more, the places in the
 * descriptor's `urls` are tried, without credentials.
 */
export async function getBlob(
  context: RegistryContext,
  node: Descriptor,
  options: GetBlobOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  // Whole addresses alone: others would be paths in this registry.
  const others = (node.urls ?? []).filter((url) => /^https?:\/\//i.test(url));
  const places = [`blobs/${node.digest}`, ...others.slice(0, 10)];
  let failure: unknown;
  for (const place of places) {
    try {
      return await getFrom(context, node, { ...options, place });
    } catch (error) {
      options.signal?.throwIfAborted();
      failure ??= error;
    }
  }
  throw failure;
}

async function getFrom(
  context: RegistryContext,
  node: Descriptor,
  options: GetBlobOptions & {
    /** A path in the repository, or the URL of another place. */
    readonly place: string;
  },
): Promise<ReadableStream<Uint8Array>> {
  const { place, offset = 0, held, signal } = options;
  const response = await askBlob(context, node, {
    path: place,
    offset,
    ...(node.size >= 0 ? { size: node.size - offset } : {}),
    held,
    signal,
  });
  options.onHeaders?.(response.headers);
  const body = response.body ?? new ReadableStream<Uint8Array>({
    start: (controller) => controller.close(),
  });
  // A registry that knows no ranges sends the start once more.
  return offset > 0 && response.status !== 206 ? skipped(body, offset) : body;
}

/** Asks for a blob, or the rest of it, by GET. */
export async function askBlob(
  context: RegistryContext,
  node: Descriptor,
  { offset, ...request }: BlobRequest,
): Promise<Response> {
  return await ask(context, gettingBlob(context, node), {
    ...request,
    kind: "blob",
    method: "GET",
    ...(offset > 0 ? { headers: { range: `bytes=${offset}-` } } : {}),
  });
}

/** Names what {@linkcode askBlob} does, for errors. */
export function gettingBlob(
  { name }: RegistryContext,
  node: Descriptor,
): string {
  return `Cannot get blob ${node.digest} from ${JSON.stringify(name)}`;
}

/** Describes a blob by its digest, by HEAD. */
export async function statBlob(
  context: RegistryContext,
  digest: Digest,
  options: CallOptions = {},
): Promise<Resolved> {
  const { signal } = options;
  const response = await ask(
    context,
    `Cannot find blob ${digest} in ${JSON.stringify(context.name)}`,
    { kind: "blob", method: "HEAD", path: `blobs/${digest}`, signal },
  );
  await discard(response);
  const { headers } = response;
  const length = headers.get("content-length") ?? "";
  return {
    mediaType: headers.get("content-type") ?? UNKNOWN_TYPE,
    digest,
    size: /^\d+$/.test(length) ? Number(length) : -1,
    headers,
  };
}
