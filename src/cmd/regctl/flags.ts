/**
 * Flags that several commands of regctl have.
 *
 * @module
 */

/** Says what would be done, and does nothing. */
export const DRY_RUN = {
  "dry-run": {
    kind: "switch",
    summary: "Print what would be done, a line each, and change nothing",
  },
} as const;

/** Picks an image out of an index. */
export const PLATFORM = {
  platform: {
    kind: "text",
    value: "PLATFORM",
    short: "p",
    completes: "platform",
    summary: "Specify platform (e.g. linux/amd64 or local)",
  },
} as const;

/** The template that stands for a command's own text. */
export const PRETTY = "{{printPretty .}}";
