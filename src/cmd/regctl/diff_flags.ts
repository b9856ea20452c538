/**
 * The flags of the commands that print a difference.
 *
 * @module
 */
import { lineDiff } from "../../base/line_diff.ts";
import type { FlagValues } from "../../cli/flags.ts";
import { write } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";

/** The flags. */
export const DIFF_FLAGS = {
  context: {
    kind: "integer",
    value: "N",
    default: 3,
    summary: "Lines of context",
  },
  "context-full": { kind: "switch", summary: "Show all lines of context" },
} as const;

/** Prints the difference of two lists of lines; an empty line where there is none. */
export async function printDiff(
  io: Io,
  flags: FlagValues<typeof DIFF_FLAGS>,
  [before, after]: readonly [readonly string[], readonly string[]],
): Promise<void> {
  const context = flags["context-full"] ? Infinity : Math.max(0, flags.context);
  await write(io, lineDiff(before, after, { context }) || "\n");
}
