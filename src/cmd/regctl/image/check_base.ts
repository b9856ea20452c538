/**
 * `regctl image check-base`.
 *
 * @module
 */
import { checkFormat, jsonText } from "../../../cli/format.ts";
import { READS } from "../../../cli/permissions.ts";
import { checkBase } from "../../../registry/check_base.ts";
import { parsePlatform } from "../../../registry/platform.ts";
import { parseReference, tagOrDigest } from "../../../registry/reference.ts";
import { OUTPUT } from "../../shared.ts";
import { defineCommand } from "../define.ts";
import { PLATFORM } from "../flags.ts";
import { openSession } from "../session.ts";

/** Tells whether an image stands on today's version of its base. */
export const checkBaseCommand = defineCommand({
  name: "check-base",
  summary: "check if the base image has changed",
  description:
    "Check whether the base of an image has changed since the image was built. The base\n" +
    "is named by annotations or by --base. Where its digest is known it is compared, else\n" +
    "layers and history are. The exit status is 1 where the base has changed.",
  examples: [
    {
      about: "check by the annotations of the image",
      line: "regctl image check-base ghcr.io/regclient/regctl:alpine",
    },
    {
      about: "build when the base has changed",
      line:
        "regctl image check-base ghcr.io/regclient/regctl:alpine --quiet || docker build .",
    },
  ],
  needs: READS,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    base: {
      kind: "text",
      value: "REF",
      completes: "reference",
      summary: "Base image reference (including tag)",
    },
    digest: {
      kind: "text",
      value: "DIGEST",
      summary: "Base image digest (checks if digest matches base)",
    },
    "no-config": { kind: "switch", summary: "Skip check of config history" },
    ...OUTPUT,
    ...PLATFORM,
    quiet: { kind: "switch", summary: "Print nothing" },
  },
  async run(io, call) {
    const { args: [text], flags, given, signal, log } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    await using session = openSession(io, call);
    const difference = await checkBase(
      await session.open(reference),
      tagOrDigest(reference),
      {
        open: (base) => session.open(base),
        base: flags.base || undefined,
        digest: flags.digest || undefined,
        platform: flags.platform ? parsePlatform(flags.platform) : undefined,
        config: !flags["no-config"],
        signal,
      },
    );
    if (difference) {
      log.info("base image mismatch", { err: difference.message });
    }
    if (!flags.quiet) {
      const sentence = difference
        ? "base image has changed\n"
        : "base image matches\n";
      await io.stdout.write(
        flags.output === undefined
          ? sentence
          : jsonText({ matches: !difference, difference: difference?.message }),
      );
    }
    return difference ? 1 : 0;
  },
});
