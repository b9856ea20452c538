/**
 * `regctl cli-doc`: what the help says of a command, for generators of pages.
 *
 * @module
 */
import type { Tool } from "../../cli/command.ts";
import { print } from "../../cli/format.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { OPTIONAL_FORMAT } from "../shared.ts";
import { defineCommand } from "./define.ts";

/** Prints the documentation of a command. */
export const cliDoc = defineCommand({
  name: "cli-doc",
  hidden: true,
  summary: "generate documentation for a command",
  description:
    "Print the documentation of a command as Markdown, or list the commands. Templates\n" +
    "see CommandPath, Name, Short, Long, Use, Aliases and Hidden.",
  examples: [
    { about: "document a command", line: "regctl cli-doc tag ls" },
    { about: "list all commands", line: "regctl cli-doc --list" },
  ],
  args: ["[command...]"],
  flags: {
    hidden: { kind: "switch", summary: "Include hidden commands" },
    list: { kind: "switch", summary: "List the commands" },
    ...OPTIONAL_FORMAT,
  },
  async run(io, call) {
    const { args: [words], flags: { hidden, list }, tool } = call;
    const { commandDoc, commandLine, commandPaths } = await import(
      "../../cli/docs.ts"
    );
    if (list) {
      const paths = await commandPaths(tool, { hidden });
      await io.stdout.write(
        paths.map((path) => `${commandLine(path)}\n`).join(""),
      );
      return;
    }
    const path = await find(tool, words);
    await print(io, call, {
      plain: [""],
      text: () => commandDoc(path),
      view: () => viewOf(path),
    });
  },
});

async function find(tool: Tool, words: readonly string[]) {
  const { commandPaths } = await import("../../cli/docs.ts");
  const found = (await commandPaths(tool, { hidden: true })).find((path) =>
    path.length === words.length + 1 &&
    path.slice(1).every(({ name, aliases = [] }, at) =>
      [name, ...aliases].includes(words[at] ?? "")
    )
  );
  if (found) return found;
  throw new UsageError(
    `unknown command ${JSON.stringify(words.join(" "))} for "${tool.name}"`,
    `\`${tool.name} cli-doc --list\` lists them`,
  );
}

async function viewOf(path: Awaited<ReturnType<typeof find>>) {
  const { commandLine } = await import("../../cli/docs.ts");
  const { usageLine } = await import("../../cli/usage_line.ts");
  const node = path.at(-1);
  return {
    CommandPath: commandLine(path),
    Name: node?.name ?? "",
    Short: node?.summary ?? "",
    Long: node?.description ?? node?.summary ?? "",
    Use: usageLine(path),
    Aliases: node?.aliases ?? [],
    Hidden: node?.hidden ?? false,
  };
}
