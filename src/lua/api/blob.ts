/**
 * Blobs: read, written, moved from one repository to another.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { collect, fromBytes, skipped } from "../../base/streams.ts";
import { type Body, can, type Descriptor } from "../../registry/core.ts";
import { digestOf, parseDigest } from "../../registry/digest.ts";
import { commonName, isSameHost } from "../../registry/reference.ts";
import { HostStruct } from "../codec.ts";
import { ArgumentError } from "../worker_thread.ts";
import type { Call } from "./call.ts";
import type { Definition } from "./definition.ts";
import { failed } from "./lists.ts";
import { BlobObject, ConfigObject } from "./objects.ts";
import { REF } from "./reference.ts";
import { mayDo, openFor } from "./session.ts";

const BLOB_TYPE = "application/octet-stream";
const OF_BLOB = [
  { name: "ref", type: REF, text: "The repository." },
  {
    name: "digest",
    type: "string",
    optional: true,
    text: "Which; the reference's own where it is left out.",
  },
];

/** The functions and methods of blobs. */
export const BLOB: readonly Definition[] = [
  {
    name: "blob.get",
    text: "Finds a blob. It is read when it is used, as often as it is.",
    parameters: OF_BLOB,
    results: [{ type: "blob", text: "The blob." }],
    run: (call) => getBlob(call, false),
  },
  {
    name: "blob.head",
    text: "Looks whether a blob is there.",
    parameters: OF_BLOB,
    results: [{ type: "blob", text: "A blob without content." }],
    run: (call) => getBlob(call, true),
  },
  {
    name: "blob.put",
    text: "Stores a blob.",
    parameters: [
      { name: "ref", type: REF, text: "The repository." },
      {
        name: "content",
        type: "string|blob|imageconfig",
        text: "The content itself, a blob that was got, or a config.",
      },
    ],
    results: [
      { type: "string", text: "The digest." },
      { type: "integer", text: "The size in bytes." },
    ],
    run: (call) => putBlob(call, 1, 2),
  },
  {
    name: "blob:get",
    text: "Finds the blob again, for its content.",
    parameters: [],
    results: [{ type: "blob", text: "The blob." }],
    run: (call) => getBlob(call, false),
  },
  {
    name: "blob:head",
    text: "Looks whether the blob is still there.",
    parameters: [],
    results: [{ type: "blob", text: "A blob without content." }],
    run: (call) => getBlob(call, true),
  },
  {
    name: "blob:put",
    text: "Stores the blob in another repository.",
    parameters: [{ name: "ref", type: REF, text: "The repository." }],
    results: [
      { type: "string", text: "The digest." },
      { type: "integer", text: "The size in bytes." },
    ],
    run: (call) => putBlob(call, 2, 1),
  },
  {
    name: "blob:content",
    text: "Reads the content, up to 16 MiB.",
    parameters: [],
    results: [{ type: "string", text: "The bytes." }],
    run: readContent,
  },
];

async function getBlob(call: Call, headOnly: boolean) {
  const { session, signal } = call;
  const ref = call.reference(1);
  const self = call.object(1);
  const digest = call.count >= 2
    ? call.text(2)
    : self instanceof BlobObject
    ? self.descriptor.digest
    : ref.digest;
  const name = commonName(ref);
  session.log.debug("Retrieve blob", {
    script: session.name,
    ref: name,
    digest,
  });
  try {
    await using store = await openFor(session, ref, "read");
    if (!can(store, "stat")) throw new RegError("unsupported", "no blobs here");
    const found = await store.stat(parseDigest(digest), { signal });
    const node = {
      mediaType: BLOB_TYPE,
      digest: found.digest,
      size: found.size,
    };
    const fields = new HostStruct([
      [["Digest", "digest"], node.digest],
      [["Size", "size"], node.size],
    ]);
    return [call.objects.add(new BlobObject(ref, node, headOnly), fields)];
  } catch (error) {
    throw failed(`Failed retrieving "${name}" blob "${digest}"`, error);
  }
}

/** The largest content that a script gets, in bytes: its memory has to hold it twice. */
const MOST_CONTENT = 16 << 20;

async function readContent(call: Call) {
  const blob = call.object(1);
  if (!(blob instanceof BlobObject)) throw call.wrong(1, "blob");
  const { ref, descriptor } = blob;
  try {
    await using store = await openFor(call.session, ref, "read");
    const { signal } = call;
    return [
      await collect(await store.open(descriptor, { signal }), MOST_CONTENT),
    ];
  } catch (error) {
    const { digest } = descriptor;
    throw failed(
      `Failed retrieving "${commonName(ref)}" blob "${digest}"`,
      error,
    );
  }
}

async function putBlob(call: Call, refAt: number, contentAt: number) {
  const { session, signal } = call;
  const ref = call.reference(refAt);
  session.log.debug("Put blob", {
    script: session.name,
    ref: commonName(ref),
    ...(session.dryRun ? { "dry-run": true } : {}),
  });
  const content = call.object(contentAt);
  try {
    await mayDo(session, ref, "write");
    if (content instanceof BlobObject) {
      return await putOther(call, content, refAt);
    }
    const { node, body } = ofBytes(
      content instanceof ConfigObject
        ? content.bytes
        : textArgument(call, contentAt),
    );
    if (!session.dryRun) {
      await using store = await openFor(session, ref, "write");
      await store.push(node, body, { signal });
    }
    return [node.digest, node.size];
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    throw failed("Failed to put blob", error);
  }
}

function textArgument(call: Call, n: number): Uint8Array {
  const value = call.value(n);
  if (value instanceof Uint8Array) return value.slice();
  throw new ArgumentError(n, "blob content expected");
}

function ofBytes(
  bytes: Uint8Array,
): { readonly node: Descriptor; readonly body: Body } {
  return {
    node: { mediaType: BLOB_TYPE, digest: digestOf(bytes), size: bytes.length },
    body: (options = {}) =>
      Promise.resolve(skipped(fromBytes(bytes), options.offset ?? 0)),
  };
}

/** Stores a blob of another repository, by a mount where that is possible. */
async function putOther(call: Call, blob: BlobObject, refAt: number) {
  const { session, signal } = call;
  const ref = call.reference(refAt);
  const { descriptor: node } = blob;
  if (blob.headOnly) throw new RegError("script", "blob has no content");
  if (session.dryRun) return [node.digest, node.size];
  await using from = await openFor(session, blob.ref, "read");
  await using to = await openFor(session, ref, "write");
  const mounted = isSameHost(ref, blob.ref) && can(to, "mount") &&
    await to.mount(node, [from.repository], { signal });
  if (!mounted) {
    await to.push(node, (o = {}) => from.open(node, { signal, ...o }), {
      signal,
    });
  }
  return [node.digest, node.size];
}
