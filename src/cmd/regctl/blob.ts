/**
 * `regctl blob`.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import type { Node } from "../../cli/command.ts";
import { checkFormat, headerText, jsonText, print } from "../../cli/format.ts";
import { changes, looks, WRITES } from "../../cli/permissions.ts";
import { copySingleBlob } from "../../registry/copy.ts";
import {
  type Abilities,
  type CallOptions,
  can,
  type Digest,
  type Resolved,
  type Store,
} from "../../registry/core.ts";
import { algorithmOf, parseDigest } from "../../registry/digest.ts";
import { DigestError } from "../../registry/verify.ts";
import { BLOB_IN_MEMORY } from "../../registry/image.ts";
import { UNKNOWN_TYPE } from "../../registry/media_types.ts";
import { parseReference } from "../../registry/reference.ts";
import { formatFlags } from "../shared.ts";
import { diffConfig, diffLayer } from "./blob_diff.ts";
import { getFile } from "./blob_file.ts";
import { watchCopy } from "./copy_progress.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN, PRETTY } from "./flags.ts";
import { openSession } from "./session.ts";
import { spool } from "../../registry/layers/spool.ts";

const get = defineCommand({
  name: "get",
  aliases: ["pull"],
  summary: "download a blob/layer",
  description:
    "Download a blob to the standard output: a layer or a config. The bytes are checked\n" +
    "against the digest; what does not match is an error at the end.",
  examples: [
    {
      about: "print a config",
      line:
        "regctl blob get alpine $(regctl image manifest -p local --format '{{.Config.Digest}}' alpine)",
    },
  ],
  needs: looks,
  args: ["repository", "digest"],
  completes: ["repository"],
  flags: {
    ...formatFlags(PRETTY),
    "media-type": {
      kind: "text",
      value: "TYPE",
      hidden: true,
      summary: "Deprecated",
    },
  },
  async run(io, call) {
    const { args: [repository, text], flags, given, signal, log } = call;
    checkFormat(flags, given);
    const reference = parseReference(repository);
    const digest = parseDigest(text);
    if (given.has("media-type")) {
      log.info("The media-type flag is deprecated");
    }
    await using session = openSession(io, call);
    const store = await session.open(reference);
    let headers: Headers | undefined;
    const onHeaders = (found: Headers) => headers = found;
    const node = { mediaType: UNKNOWN_TYPE, digest, size: -1 };
    const stream = await store.open(node, { signal, onHeaders });
    try {
      await print(io, call, {
        plain: [PRETTY],
        text: () => stream,
        view: async () => {
          const { blobView } = await import("../../view/mod.ts");
          // Templates read all of it at once: no more than fits into memory.
          const bytes = await collect(stream, BLOB_IN_MEMORY);
          const descriptor = { ...node, size: bytes.length };
          return blobView({ descriptor, bytes, headers, reference });
        },
        json: () => jsonText({ digest }),
        headers,
        body: () => stream,
      });
    } finally {
      if (!stream.locked) await stream.cancel();
    }
  },
});

async function describe(
  store: Store & Partial<Abilities>,
  digest: Digest,
  options: CallOptions,
): Promise<Resolved> {
  if (can(store, "stat")) return await store.stat(digest, options);
  throw new RegError("unsupported", `Cannot describe blobs of "${store.name}"`);
}

const head = defineCommand({
  name: "head",
  aliases: ["digest"],
  summary: "http head request for a blob",
  description:
    "Ask for a blob without its bytes, and print the headers of the answer. A layout\n" +
    "has none.",
  examples: [{
    about: "look for a blob",
    line: "regctl blob head registry.example.org/repo sha256:<hex>",
  }],
  needs: looks,
  args: ["repository", "digest"],
  completes: ["repository"],
  flags: formatFlags(""),
  async run(io, call) {
    const { args: [repository, text], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(repository);
    const digest = parseDigest(text);
    await using session = openSession(io, call);
    const found = await describe(await session.open(reference), digest, {
      signal,
    });
    const { headers, ...descriptor } = found;
    await print(io, call, {
      plain: [""],
      text: () => headerText(headers),
      view: async () => {
        const { blobView } = await import("../../view/mod.ts");
        return blobView({ descriptor, headers, reference });
      },
      json: () => jsonText(descriptor),
      headers,
    });
  },
});

const put = defineCommand({
  name: "put",
  aliases: ["push"],
  summary: "upload a blob/layer",
  description:
    "Upload a blob from the standard input, and print its digest. It is kept in a\n" +
    "temporary file first, so that a broken upload can go on.",
  examples: [{
    about: "push a layer",
    line: "regctl blob put registry.example.org/repo < layer.tgz",
  }],
  needs: WRITES,
  args: ["repository"],
  completes: ["repository"],
  flags: {
    "content-type": {
      kind: "text",
      value: "TYPE",
      hidden: true,
      summary: "Deprecated",
    },
    digest: {
      kind: "text",
      value: "DIGEST",
      summary: "Set the expected digest",
    },
    ...DRY_RUN,
    ...formatFlags("{{println .Digest}}"),
  },
  async run(io, call) {
    const { args: [repository], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(repository);
    const expected = flags.digest ? parseDigest(flags.digest) : undefined;
    await using spooled = await spool(io.stdin.stream(), {
      algorithm: expected ? algorithmOf(expected) : "sha256",
      signal,
    });
    const { digest, size, body } = spooled;
    if (expected !== undefined && expected !== digest) {
      throw new DigestError(expected, digest);
    }
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const node = { mediaType: UNKNOWN_TYPE, digest, size };
    await store.push(node, body, { signal });
    if (session.dryRun) return;
    await print(io, call, {
      plain: ["{{println .Digest}}"],
      text: () => `${digest}\n`,
      view: async () => (await import("../../view/mod.ts")).blobPutView(node),
      json: () => jsonText({ Digest: digest, Size: size }),
    });
  },
});

const copy = defineCommand({
  name: "copy",
  aliases: ["cp"],
  summary: "copy blob",
  description:
    "Copy a blob between repositories, by mounting it where both are on one registry.",
  examples: [{
    about: "copy a blob",
    line:
      "regctl blob copy alpine registry.example.org/library/alpine sha256:<hex>",
  }],
  needs: changes,
  args: ["source", "target", "digest"],
  completes: ["repository", "repository"],
  flags: DRY_RUN,
  async run(io, call) {
    const { args: [source, target, text], signal } = call;
    const from = parseReference(source);
    const to = parseReference(target);
    const digest = parseDigest(text);
    await using session = openSession(io, call);
    const store = await session.open(from);
    const { size } = await describe(store, digest, { signal });
    await using progress = watchCopy(io, call);
    await copySingleBlob({ mediaType: UNKNOWN_TYPE, digest, size }, {
      from: store,
      to: await session.open(to),
      onEvent: progress.onEvent,
      signal,
    });
  },
});

const del = defineCommand({
  name: "delete",
  aliases: ["del", "rm"],
  summary: "delete a blob",
  description:
    "Delete a blob. Images that hold it cannot be pulled any more: registries remove\n" +
    "blobs that nobody needs by themselves.",
  examples: [{
    about: "delete a blob",
    line: "regctl blob delete registry.example.org/repo sha256:<hex>",
  }],
  needs: changes,
  args: ["repository", "digest"],
  completes: ["repository"],
  flags: DRY_RUN,
  async run(io, call) {
    const { args: [repository, text], signal } = call;
    const reference = parseReference(repository);
    const digest = parseDigest(text);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    if (!can(store, "deleteBlob")) {
      throw new RegError(
        "unsupported",
        `Cannot delete blobs of "${store.name}"`,
      );
    }
    await store.deleteBlob({ mediaType: UNKNOWN_TYPE, digest, size: -1 }, {
      signal,
    });
  },
});

/** The commands for blobs. */
export const blobCommands: readonly Node[] = [
  copy,
  del,
  diffConfig,
  diffLayer,
  get,
  getFile,
  head,
  put,
];
