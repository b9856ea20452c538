/**
 * How a command is called.
 *
 * @module
 */
import { isGroup, type Node } from "./command.ts";

/** How a command is called, in one line. */
export function usageLine(path: readonly Node[]): string {
  const full = path.map((one) => one.name).join(" ");
  const node = path[path.length - 1];
  if (node === undefined || isGroup(node)) return `${full} [command]`;
  const args = node.args.map((arg) =>
    arg.startsWith("[")
      ? ` ${arg}`
      : ` <${arg.replace(/\.\.\.$/, "")}>${arg.endsWith("...") ? "..." : ""}`
  );
  return `${full}${args.join("")} [flags]`;
}
