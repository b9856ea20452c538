/**
 * `regctl image get-file`.
 *
 * @module
 */
import { RegError } from "../../../base/errors.ts";
import { checkFormat } from "../../../cli/format.ts";
import { looks } from "../../../cli/permissions.ts";
import { resolveImage } from "../../../registry/image.ts";
import { getImageFile } from "../../../registry/layers/get_file.ts";
import { parseManifest } from "../../../registry/manifest.ts";
import { parsePlatform } from "../../../registry/platform.ts";
import { parseReference, tagOrDigest } from "../../../registry/reference.ts";
import { OPTIONAL_FORMAT } from "../../shared.ts";
import { defineCommand } from "../define.ts";
import { giveFile } from "../file_output.ts";
import { PLATFORM } from "../flags.ts";
import { openSession } from "../session.ts";

/** Gets a file out of an image. */
export const getFile = defineCommand({
  name: "get-file",
  aliases: ["cat"],
  summary: "get a file from an image",
  description:
    "Get a file from an image, to the standard output or to a file. The layers are\n" +
    "searched from the top down; links are followed.",
  examples: [{
    about: "print the release of an image",
    line: "regctl image get-file alpine /etc/alpine-release",
  }],
  needs: (call) =>
    call.args[2] === undefined ? looks(call) : [...looks(call), "write"],
  args: ["ref", "path", "[file]"],
  completes: ["reference", "", "file"],
  flags: { ...PLATFORM, ...OPTIONAL_FORMAT },
  async run(io, call) {
    const { args: [text, path, out], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    const platform = parsePlatform(flags.platform || "local");
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const { bytes, descriptor } = await resolveImage(
      store,
      tagOrDigest(reference),
      { platform, signal },
    );
    const manifest = parseManifest(bytes, descriptor.mediaType);
    if (manifest.kind !== "image") {
      throw new RegError(
        "unsupported",
        `Cannot get a file from ${descriptor.mediaType}: it is no image`,
      );
    }
    const file = await getImageFile(store, manifest.layers, path, { signal });
    await giveFile(io, call, { file, out });
  },
});
