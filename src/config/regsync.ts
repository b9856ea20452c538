/**
 * regsync's file: from its text to steps that are ready to run.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import { parseHost, parseReference } from "../registry/reference.ts";
import type { Credential } from "./creds.ts";
import type { Problem } from "./decode.ts";
import { CREDENTIAL_TEMPLATES, type Expander, START } from "./expand.ts";
import { file as fileDecoder, type RawDefaults } from "./regsync_schema.ts";
import { inherit, retryOf, type SyncStep } from "./regsync_steps.ts";
import { syncData } from "./regsync_view.ts";
import { credsOf, type LoadOptions, openFile } from "./tool_file.ts";
import type { Position } from "./yaml.ts";

/** The file, with everything inherited and expanded. */
export interface RegsyncConfig {
  /** The version of the format. */
  readonly version: number;
  /** Registries. */
  readonly creds: readonly Credential[];
  /** Settings of all steps, as written. */
  readonly defaults: RawDefaults;
  /** The steps in the order of the file. */
  readonly sync: readonly SyncStep[];
  /** What is probably not meant. */
  readonly warnings: readonly Problem[];
  /** The file's name, for messages. */
  readonly file: string;
}

/**
 * Reads a configuration.
 *
 * @throws {RegError} `config` with `file:line:column: key: …` for what cannot
 * be read; a step that can be read and cannot work is a warning.
 */
export function loadRegsync(
  text: string,
  options: LoadOptions = {},
): RegsyncConfig {
  const opened = openFile(fileDecoder, text, options);
  const { value, version, warnings, places, expander, file } = opened;
  const defaults = value.defaults ?? {};
  const sync = (value.sync ?? []).map((step, index) =>
    expandStep(inherit(step, defaults), { path: `sync[${index}]`, expander })
  );
  return {
    version,
    creds: credsOf(opened, ["registry", ...CREDENTIAL_TEMPLATES]),
    defaults: {
      ...defaults,
      ratelimit: {
        min: defaults.ratelimit?.min ?? 0,
        retry: retryOf(defaults.ratelimit?.retry),
      },
    },
    sync,
    warnings: [...warnings, ...checkReferences(sync, places)],
    file,
  };
}

/** Expands the templates of a step, each with those before it expanded. */
function expandStep(
  step: SyncStep,
  options: { readonly path: string; readonly expander: Expander },
): SyncStep {
  const { path, expander } = options;
  const expand = (seen: SyncStep, key: typeof STEPS[number]) =>
    expander.expand(seen[key], {
      path: `${path}.${key}`,
      data: syncData(seen),
    });
  const source = { ...step, source: expand(step, "source") };
  const referrers = {
    ...source,
    referrerSource: expand(source, "referrerSource"),
  };
  // The referrers' target sees the target as it was written.
  return {
    ...referrers,
    target: expand(referrers, "target"),
    referrerTarget: expand(referrers, "referrerTarget"),
  };
}

const STEPS = ["source", "target", "referrerSource", "referrerTarget"] as const;

/** References that no run could use. */
function checkReferences(
  sync: readonly SyncStep[],
  places: ReadonlyMap<string, Position>,
): Problem[] {
  return sync.flatMap((step, index) =>
    (["source", "target"] as const).flatMap((key): Problem[] => {
      const problem = step[key] === "" ? undefined : problemOf(step, key);
      if (problem === undefined) return [];
      const path = `sync[${index}].${key}`;
      const at = places.get(path) ?? START;
      const message = `${problem}; found ${JSON.stringify(step[key])}`;
      return [{ severity: "warning", at, path, message }];
    })
  );
}

function problemOf(
  step: SyncStep,
  key: "source" | "target",
): string | undefined {
  const text = step[key];
  try {
    if (step.type === "registry") {
      if (key === "source") parseHost(text);
      return;
    }
    const ref = parseReference(text);
    if (step.type !== "repository") return;
    // The parser gives a bare repository the tag `latest`.
    const bare = !/[:@][^/]*$/.test(text.replace(/^[^/]*:\d+$/, ""));
    if (bare || ref.scheme !== "reg") return;
    return `a ${key} of the type repository has no tag and no digest`;
  } catch (error) {
    return messageOf(error);
  }
}
