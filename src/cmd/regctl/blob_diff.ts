/**
 * `regctl blob diff-config` and `regctl blob diff-layer`.
 *
 * @module
 */
import { indentJson } from "../../base/json_indent.ts";
import { READS } from "../../cli/permissions.ts";
import { parseDigest } from "../../registry/digest.ts";
import { listLayer } from "../../registry/layers/list_layer.ts";
import { UNKNOWN_TYPE } from "../../registry/media_types.ts";
import { parseReference } from "../../registry/reference.ts";
import { readConfig } from "./config_blob.ts";
import { defineCommand } from "./define.ts";
import { DIFF_FLAGS, printDiff } from "./diff_flags.ts";
import { openSession, type Session } from "./session.ts";

const ARGS = ["repository", "digest", "repository", "digest"] as const;

/** Shows how two configs differ. */
export const diffConfig = defineCommand({
  name: "diff-config",
  summary: "diff two image configs",
  description: "Show how two image configs differ, as indented JSON.",
  examples: [{
    about: "compare two configs of a repository",
    line: "regctl blob diff-config alpine sha256:<hex> alpine sha256:<hex>",
  }],
  needs: READS,
  args: ARGS,
  completes: ["repository", "", "repository"],
  flags: DIFF_FLAGS,
  async run(io, call) {
    const { args: [repository, digest, other, otherDigest], flags } = call;
    const { signal } = call;
    await using session = openSession(io, call);
    const lines = async (name: string, text: string) => {
      const store = await session.open(parseReference(name));
      const config = await readConfig(store, nodeOf(text), { signal });
      return indentJson(config.text).split("\n");
    };
    await printDiff(io, flags, [
      await lines(repository, digest),
      await lines(other, otherDigest),
    ]);
  },
});

/** Shows how two layers differ. */
export const diffLayer = defineCommand({
  name: "diff-layer",
  summary: "diff two tar layers",
  description:
    "Show how two layers differ: a line an entry, with the digest of what is in it.",
  examples: [{
    about: "compare two layers of a repository",
    line:
      "regctl blob diff-layer alpine sha256:<hex> alpine sha256:<hex> --ignore-timestamp",
  }],
  needs: READS,
  args: ARGS,
  completes: ["repository", "", "repository"],
  flags: {
    ...DIFF_FLAGS,
    "ignore-timestamp": {
      kind: "switch",
      summary: "Ignore timestamps on files",
    },
  },
  async run(io, call) {
    const { args: [repository, digest, other, otherDigest], flags } = call;
    const { signal } = call;
    await using session = openSession(io, call);
    const ignoreTimestamps = flags["ignore-timestamp"];
    const lines = async (name: string, text: string) => {
      const layer = await openLayer(session, name, { text, signal });
      return await Array.fromAsync(
        listLayer(layer, { ignoreTimestamps, signal }),
      );
    };
    await printDiff(io, flags, [
      await lines(repository, digest),
      await lines(other, otherDigest),
    ]);
  },
});

async function openLayer(
  session: Session,
  name: string,
  options: { readonly text: string; readonly signal: AbortSignal },
): Promise<ReadableStream<Uint8Array>> {
  const { text, signal } = options;
  const store = await session.open(parseReference(name));
  return await store.open(nodeOf(text), { signal });
}

function nodeOf(text: string) {
  return { mediaType: UNKNOWN_TYPE, digest: parseDigest(text), size: -1 };
}
