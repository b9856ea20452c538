/**
 * `regctl image mod`.
 *
 * @module
 */
import { sourceDate } from "../../../config/env.ts";
import { UsageError } from "../../../cli/usage_error.ts";
import { WRITES } from "../../../cli/permissions.ts";
import {
  addDigest,
  isTag,
  parseReference,
  type Reference,
  tagOrDigest,
  withDigest,
  withTag,
} from "../../../registry/reference.ts";
import { OPTIONAL_FORMAT } from "../../shared.ts";
import { defineCommand } from "../define.ts";
import { DRY_RUN } from "../flags.ts";
import { printReference } from "../reference_output.ts";
import { openSession } from "../session.ts";
import { MOD_FLAGS } from "./mod_flags.ts";

/** Changes an image. */
export const modify = defineCommand({
  name: "mod",
  summary: "modify an image",
  description:
    "Change an image, and push the result: to --create, over the tag with --replace,\n" +
    "else by its digest. Each flag is a step, in the order of the command line.\n\n" +
    "Time options are separated by commas: set=TIME or from-label=NAME says the new\n" +
    "time; after=TIME changes later times alone; base-ref=IMAGE and base-layers=N leave\n" +
    "the layers of a base alone. Times are written as 2006-01-02T15:04:05Z.",
  examples: [
    {
      about: "add an annotation to all images, replacing the tag",
      line:
        'regctl image mod registry.example.org/repo:v1 --replace --annotation "[*]org.opencontainers.image.created=2021-02-03T05:06:07Z"',
    },
    {
      about: "convert an image to OCI's media types, in another registry",
      line:
        "regctl image mod alpine:3.5 --to-oci --create registry.example.org/alpine:3.5",
    },
    {
      about: "put an image onto today's version of its base",
      line:
        "regctl image mod registry.example.org/repo:v1 --rebase --create v1-rebased",
    },
  ],
  needs: WRITES,
  args: ["ref"],
  completes: ["reference"],
  flags: {
    ...MOD_FLAGS,
    create: {
      kind: "text",
      value: "REF",
      completes: "reference",
      summary: "Create image or tag",
    },
    replace: {
      kind: "switch",
      summary: 'Replace tag (ignored when "create" is used)',
    },
    ...OPTIONAL_FORMAT,
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [text], flags, occurrences, signal } = call;
    const source = parseReference(text);
    const target = targetOf(source, flags);
    const [{ stepsOf }, { modImage }] = await Promise.all([
      import("./mod_steps.ts"),
      import("../../../registry/mod/mod_image.ts"),
    ]);
    const modifications = stepsOf(occurrences);
    await using session = openSession(io, call);
    const { digest } = await modImage(tagOrDigest(source), {
      from: await session.open(source),
      to: await session.open(target),
      tag: target.tag || undefined,
      modifications,
      open: (reference) => session.open(reference),
      now: sourceDate(io.env),
      signal,
    });
    if (session.dryRun) return;
    const isNamed = target.tag !== "" && target.digest === "";
    await printReference(
      io,
      call,
      isNamed
        ? target
        : target.tag === ""
        ? withDigest(target, digest)
        : addDigest(target, digest),
    );
  },
});

/** Where the result goes: without a tag, by its digest. */
function targetOf(
  source: Reference,
  flags: { readonly create: string | undefined; readonly replace: boolean },
): Reference {
  const { create = "", replace } = flags;
  if (create === "") {
    return replace
      ? { ...source, digest: "" }
      : { ...source, tag: "", digest: "" };
  }
  if (/[/:]/.test(create)) return parseReference(create);
  if (isTag(create)) return withTag(source, create);
  throw new UsageError(`invalid tag ${JSON.stringify(create)}`);
}
