/**
 * What was running when an error was raised, in upstream's words.
 *
 * @module
 */
import type { LuaState } from "./exports.ts";
import type { Frame, Stack } from "./stack.ts";

/** Calls shown from each end of a deep stack. */
const SHOWN = 10;

/** The functions that run, from `level` on, one a line. */
export function traceback(stack: Stack, L: LuaState, level: number): string {
  const lines: string[] = [];
  for (let at = level;; at++) {
    const frame = stack.frame(L, at);
    if (frame === undefined) break;
    lines.push(`\n\t${describe(frame)}`);
  }
  if (lines.length > 2 * SHOWN + 1) {
    lines.splice(SHOWN, lines.length - 2 * SHOWN, "\n\t...");
  }
  return `stack traceback:${lines.join("")}`;
}

function describe(frame: Frame): string {
  const at = frame.what === "C"
    ? "[G]: "
    : frame.line > 0
    ? `${frame.source}:${frame.line}: `
    : `${frame.source}: `;
  if (frame.what === "main") return `${at}in main chunk`;
  if (frame.name) return `${at}in function '${frame.name}'`;
  if (frame.what === "C" || frame.what === "tail") return `${at}?`;
  return `${at}in function <${frame.source}:${frame.defined}>`;
}
