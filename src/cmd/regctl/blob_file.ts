/**
 * `regctl blob get-file`.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { checkFormat } from "../../cli/format.ts";
import { looks } from "../../cli/permissions.ts";
import { parseDigest } from "../../registry/digest.ts";
import { findInLayer } from "../../registry/layers/get_file.ts";
import { UNKNOWN_TYPE } from "../../registry/media_types.ts";
import { parseReference } from "../../registry/reference.ts";
import { OPTIONAL_FORMAT } from "../shared.ts";
import { defineCommand } from "./define.ts";
import { giveFile } from "./file_output.ts";
import { openSession } from "./session.ts";

/** Gets a file out of a layer. */
export const getFile = defineCommand({
  name: "get-file",
  aliases: ["cat"],
  summary: "get a file from a layer",
  description: "Get a file from a layer, to the standard output or to a file.",
  examples: [{
    about: "print a file",
    line: "regctl blob get-file alpine sha256:<hex> /etc/alpine-release",
  }],
  needs: (call) =>
    call.args[3] === undefined ? looks(call) : [...looks(call), "write"],
  args: ["repository", "digest", "path", "[file]"],
  completes: ["repository", "", "", "file"],
  flags: OPTIONAL_FORMAT,
  async run(io, call) {
    const { args: [repository, text, path, out], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(repository);
    const digest = parseDigest(text);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const node = { mediaType: UNKNOWN_TYPE, digest, size: -1 };
    const layer = await store.open(node, { signal });
    const answer = await findInLayer(layer, path, { signal });
    if (answer === undefined) throw new RegError("not_found", "file not found");
    if (answer === "deleted") throw new RegError("not_found", "file deleted");
    if ("moved" in answer) {
      throw new RegError(
        "not_found",
        `file not found: it is a link to ${JSON.stringify(answer.moved)}`,
      );
    }
    await giveFile(io, call, { file: answer.file, out });
  },
});
