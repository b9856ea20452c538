/**
 * The text of a command's help, from its declaration.
 *
 * @module
 */
import { isGroup, type Node, type Tool } from "./command.ts";
import { defaultOf, type Flag, type Flags } from "./flags.ts";
import { usageLine } from "./usage_line.ts";

/**
 * The help of the last node of a path.
 *
 * @param path The tool, its groups, the command.
 * @param children What the last node holds, where it is a group.
 */
export function helpText(
  path: readonly [Tool, ...Node[]],
  children: readonly Node[] = [],
): string {
  const [tool] = path;
  const node = path[path.length - 1] ?? tool;
  const full = path.map((one) => one.name).join(" ");
  const { examples = [], aliases = [] } = node;
  const own = isGroup(node) ? {} : node.flags;
  const shown = children.filter((child) => !child.hidden);
  const globals = node === tool
    ? section("Flags:", flagRows(tool.globals, full))
    : section("Flags:", flagRows(own, full)) +
      section("Global Flags:", flagRows(tool.globals));
  return `${node.description ?? sentence(node.summary)}\n` +
    section("Usage:", [`  ${usageLine(path)}`]) +
    section(
      "Aliases:",
      aliases.length > 0 ? [`  ${[node.name, ...aliases].join(", ")}`] : [],
    ) +
    section(
      "Examples:",
      examples.flatMap(({ about, line }) => ["", `# ${about}`, line]),
    ) +
    section(
      "Available Commands:",
      columns(shown.map(({ name, summary }) => [`  ${name}`, summary])),
    ) +
    globals +
    (isGroup(node)
      ? `\nUse "${full} [command] --help" for more information about a command.\n`
      : "");
}

/** Rows of a table of flags: how it is written, what it does. */
export function flagRows(flags: Flags, helpFor?: string): string[] {
  const rows = Object.entries(flags)
    .filter(([, flag]) => !flag.hidden)
    .map(([name, flag]): [string, string] => [
      `  ${flagSyntax(name, flag)}`,
      flag.summary + defaultText(flag),
    ]);
  if (helpFor !== undefined) {
    rows.push(["  -h, --help", `help for ${helpFor.split(" ").at(-1)}`]);
  }
  return columns(rows);
}

/** How a flag is written: `-p, --platform PLATFORM`. */
export function flagSyntax(name: string, flag: Flag): string {
  const letter = flag.short ? `-${flag.short}, ` : "    ";
  return `${letter}--${name}${flag.kind === "switch" ? "" : ` ${flag.value}`}${
    flag.kind === "list" ? "..." : ""
  }`;
}

/** What a flag's help says of its default. */
export function defaultText(flag: Flag): string {
  const value = defaultOf(flag);
  if (value === undefined || value === false || value === "") return "";
  if (typeof value === "object") {
    return value.length > 0 ? ` (default ${JSON.stringify(value)})` : "";
  }
  if (flag.kind === "duration") return ` (default ${Number(value) / 1000}s)`;
  return ` (default ${JSON.stringify(value)})`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${title}\n${lines.join("\n")}\n`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

function sentence(summary: string): string {
  return summary.slice(0, 1).toUpperCase() + summary.slice(1);
}
