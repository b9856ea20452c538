/**
 * Keeps the image that a copy is about to replace.
 *
 * @module
 */
import { STEP } from "../../config/regsync_view.ts";
import { copyGraph } from "../../registry/copy.ts";
import type { Descriptor } from "../../registry/core.ts";
import {
  commonName,
  parseReference,
  type Reference,
  withTag,
} from "../../registry/reference.ts";
import { asError, isAbort } from "../../base/errors.ts";
import {
  renderTemplate,
  structType,
  type Value,
  wrap,
} from "../../template/mod.ts";
import { REF } from "../../view/reference.ts";
import type { CopyImageOptions } from "./copy_image.ts";
import type { Work } from "./context.ts";

/**
 * Copies the target's image to where the step's template says.
 *
 * @returns The reference of the backup; nothing where the copy failed, which is
 * logged and stops nothing.
 * @throws {RegError} Where the template cannot be expanded or gives no reference.
 */
export async function saveBackup(
  work: Work,
  there: Descriptor,
  options: CopyImageOptions,
): Promise<string | undefined> {
  const { context: { log, stores }, round } = options;
  const { target, task: { step } } = work;
  const text = expand(work, options);
  const reference = parse(text, work, options);
  const names = {
    original: commonName(target.reference),
    template: step.backup,
    backup: commonName(reference),
  };
  log.info("Saving backup", {
    original: names.original,
    backup: names.backup,
  });
  try {
    if (text === "") throw new Error("tag missing from image reference");
    await using lease = await stores.use(reference);
    await copyGraph(there.digest, {
      from: target.store,
      to: lease.store,
      tag: reference.tag,
      run: round.run,
      signal: round.signal,
    });
    return names.backup;
  } catch (error) {
    if (isAbort(error)) throw error;
    log.warn("Failed to backup existing image", {
      ...names,
      error: asError(error),
    });
    return undefined;
  }
}

function expand(work: Work, { context }: CopyImageOptions): string {
  const { target, task: { step } } = work;
  try {
    return renderTemplate(
      step.backup,
      backupData(target.reference, step),
      context.templates,
    ).trim();
  } catch (error) {
    context.log.error("Failed to expand backup template", {
      original: commonName(target.reference),
      "backup-template": step.backup,
      error: asError(error),
    });
    throw error;
  }
}

/** A text with a colon or a slash is a reference, any other one a tag beside the target. */
function parse(
  text: string,
  { target, task: { step } }: Work,
  { context }: CopyImageOptions,
): Reference {
  if (!/[:/]/.test(text)) return withTag(target.reference, text);
  try {
    return parseReference(text);
  } catch (error) {
    context.log.error("Failed to parse backup reference", {
      original: commonName(target.reference),
      template: step.backup,
      backup: text,
      error: asError(error),
    });
    throw error;
  }
}

const DATA = structType(
  "struct { Ref ref.Ref; Step main.ConfigSync; Sync main.ConfigSync }",
  {
    fields: () => [
      { name: "Ref", type: REF },
      { name: "Step", type: STEP },
      { name: "Sync", type: STEP },
    ],
  },
);

function backupData(reference: Reference, step: Work["task"]["step"]): Value {
  return wrap(DATA, { Ref: reference, Step: step, Sync: step });
}
