/**
 * What a run tells at its end: a line for people, a report for programs.
 *
 * @module
 */
import { MILLISECOND } from "../../base/duration.ts";
import type { LogAttributes } from "../../base/log.ts";
import type { JsonSchema } from "../../config/decode.ts";
import type { Action } from "./decide.ts";
import type { ImageResult, Tally, Totals } from "./result.ts";

/** A report, as `--output json` prints it. */
export interface Report {
  /** The version of this form. */
  readonly version: 1;
  /** What the run was allowed to do. */
  readonly action: Action;
  /** Whether it came to its end. */
  readonly complete: boolean;
  /** Sums. */
  readonly totals: Totals;
  /** How long it took. */
  readonly milliseconds: number;
  /** What became of each image, in the order of the file. */
  readonly images: readonly ImageResult[];
}

/** Makes the report of a run. */
export function reportOf(
  tally: Tally,
  run: Pick<Report, "action" | "complete" | "milliseconds">,
): Report {
  return {
    version: 1,
    action: run.action,
    complete: run.complete,
    totals: tally.totals,
    milliseconds: Math.round(run.milliseconds),
    images: tally.results,
  };
}

/** The attributes of the line that ends a run. */
export function summaryOf(totals: Totals, milliseconds: number): LogAttributes {
  const { checked, copied, skipped, stale, failed, bytes } = totals;
  return {
    checked,
    copied,
    skipped,
    ...stale > 0 && { stale },
    failed,
    bytes,
    duration: BigInt(Math.round(milliseconds)) * MILLISECOND,
  };
}

const COUNT: JsonSchema = { type: "integer", minimum: 0 };

/** The JSON Schema of {@linkcode Report}. */
export const REPORT_SCHEMA: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "regsync report",
  description: "What regsync check and once print with --output json.",
  type: "object",
  required: [
    "version",
    "action",
    "complete",
    "totals",
    "milliseconds",
    "images",
  ],
  properties: {
    version: { const: 1 },
    action: {
      description: "What the run was allowed to do.",
      enum: ["check", "copy", "missing"],
    },
    complete: {
      description: "False where the run was interrupted.",
      type: "boolean",
    },
    totals: {
      type: "object",
      required: ["checked", "copied", "skipped", "stale", "failed", "bytes"],
      properties: {
        checked: COUNT,
        copied: COUNT,
        skipped: COUNT,
        stale: COUNT,
        failed: COUNT,
        bytes: COUNT,
      },
    },
    milliseconds: COUNT,
    images: {
      description: "What became of each image, in the order of the file.",
      type: "array",
      items: {
        type: "object",
        required: [
          "step",
          "source",
          "target",
          "outcome",
          "bytes",
          "milliseconds",
        ],
        properties: {
          step: { description: "Index of the step in the file.", ...COUNT },
          source: { type: "string" },
          target: { type: "string" },
          outcome: {
            enum: [
              "unchanged",
              "exists",
              "skipped",
              "stale",
              "copied",
              "refreshed",
              "failed",
            ],
          },
          digest: {
            description: "Of the source, or of its entry for the platform.",
            type: "string",
          },
          targetDigest: {
            description: "Of the target before the run; absent for none.",
            type: "string",
          },
          backup: { description: "Where the target was kept.", type: "string" },
          bytes: { description: "Bytes of blobs that were sent.", ...COUNT },
          reason: { type: "string" },
          milliseconds: COUNT,
        },
      },
    },
  },
};
