/**
 * `regctl image inspect`.
 *
 * @module
 */
import { indentJson } from "../../../base/json_indent.ts";
import { RegError } from "../../../base/errors.ts";
import { checkFormat, print } from "../../../cli/format.ts";
import { looks } from "../../../cli/permissions.ts";
import { resolveImage } from "../../../registry/image.ts";
import { parseManifest } from "../../../registry/manifest.ts";
import { isConfigType } from "../../../registry/media_types.ts";
import { parsePlatform } from "../../../registry/platform.ts";
import { parseReference, tagOrDigest } from "../../../registry/reference.ts";
import { formatFlags } from "../../shared.ts";
import { readConfig } from "../config_blob.ts";
import { defineCommand } from "../define.ts";
import { PLATFORM, PRETTY } from "../flags.ts";
import { openSession } from "../session.ts";

/** Shows the config of an image. */
export const inspect = defineCommand({
  name: "inspect",
  aliases: ["config"],
  summary: "inspect image",
  description:
    "Show the config of an image as JSON: labels, entrypoint, environment, history.\n" +
    "Of an index the image for --platform is shown, else the one for this machine.",
  examples: [
    { about: "show an image", line: "regctl image inspect alpine:latest" },
    {
      about: "show the labels of a platform",
      line:
        "regctl image inspect -p linux/arm64 alpine --format '{{range $k, $v := .Config.Labels}}{{$k}} = {{$v}}{{println}}{{end}}'",
    },
  ],
  needs: looks,
  args: ["ref"],
  completes: ["reference"],
  flags: { ...PLATFORM, ...formatFlags(PRETTY) },
  async run(io, call) {
    const { args: [text], flags, given, signal } = call;
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
    if (manifest.kind !== "image" || !isConfigType(manifest.config.mediaType)) {
      const found = manifest.kind === "image"
        ? `unsupported config media type ${manifest.config.mediaType}`
        : `a manifest without config, ${descriptor.mediaType}`;
      throw new RegError(
        "unsupported",
        `artifacts are not supported with "regctl image inspect", use "regctl artifact get --config" instead: ${found}: unsupported media type`,
      );
    }
    let headers: Headers | undefined;
    const config = await readConfig(store, manifest.config, {
      onHeaders: (found) => headers = found,
      signal,
    });
    const json = () => `${indentJson(config.text)}\n`;
    await print(io, call, {
      plain: [PRETTY, "{{jsonPretty .}}"],
      text: json,
      view: async () => {
        const { imageView } = await import("../../../view/mod.ts");
        return imageView({
          descriptor: manifest.config,
          bytes: config.bytes,
          headers,
          reference,
        });
      },
      json,
      headers,
      body: () => config.bytes,
    });
  },
});
