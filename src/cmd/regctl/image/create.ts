/**
 * `regctl image create`.
 *
 * @module
 */
import { checkFormat } from "../../../cli/format.ts";
import { UsageError } from "../../../cli/usage_error.ts";
import { changes } from "../../../cli/permissions.ts";
import { sourceDate } from "../../../config/env.ts";
import { makeImage, pushBytes } from "../../../registry/image_create.ts";
import { parsePlatform } from "../../../registry/platform.ts";
import { parseReference } from "../../../registry/reference.ts";
import { expectDigest } from "../../../registry/target.ts";
import { OPTIONAL_FORMAT } from "../../shared.ts";
import { defineCommand } from "../define.ts";
import { DRY_RUN } from "../flags.ts";
import { BY_DIGEST, keyValues, pushResult } from "../push_result.ts";
import { openSession } from "../session.ts";

/** Makes an image without layers. */
export const create = defineCommand({
  name: "create",
  aliases: ["init", "new"],
  summary: "create a new image manifest",
  description: "Create a new image from scratch, without layers.",
  examples: [{
    about: "create a scratch image",
    line: "regctl image create ocidir://new-image:scratch",
  }],
  needs: changes,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    annotation: {
      kind: "list",
      value: "KEY=VALUE",
      summary: "Annotation to set on manifest",
    },
    ...BY_DIGEST,
    created: {
      kind: "text",
      value: "TIME",
      summary: 'Created timestamp to set (use "now" or RFC3339 syntax)',
    },
    label: {
      kind: "list",
      value: "KEY=VALUE",
      summary: "Labels to set in the image config",
    },
    "media-type": {
      kind: "text",
      value: "TYPE",
      default: "application/vnd.oci.image.manifest.v1+json",
      completes: [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
      ],
      summary: "Media type of the manifest",
    },
    platform: {
      kind: "text",
      value: "PLATFORM",
      completes: "platform",
      summary: "Platform to set on the image",
    },
    ...OPTIONAL_FORMAT,
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [text], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    const { manifest, config, configBytes } = makeImage({
      mediaType: flags["media-type"],
      platform: flags.platform ? parsePlatform(flags.platform) : undefined,
      created: createdTime(flags.created, sourceDate(io.env)),
      labels: keyValues(flags.label),
      annotations: keyValues(flags.annotation),
    });
    if (!flags["by-digest"]) {
      expectDigest(reference, manifest.descriptor.digest);
    }
    await using session = openSession(io, call);
    const store = await session.open(reference);
    await pushBytes(store, config, { bytes: configBytes, signal });
    await pushResult(io, call, { session, reference, made: manifest });
  },
});

function createdTime(
  text: string | undefined,
  now: Date = new Date(),
): string | undefined {
  if (text === undefined || text === "") return undefined;
  const seconds = (date: Date) => date.toISOString().replace(/\.\d+Z$/, "Z");
  if (text === "now") return seconds(now);
  if (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  ) return text;
  throw new UsageError(
    `unable to parse time ${JSON.stringify(text)}`,
    'use "now" or a time such as 2026-01-02T15:04:05Z',
  );
}
