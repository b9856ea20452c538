/**
 * The `completion` command of every tool, and what its scripts call.
 *
 * @module
 */
import { type CommandNode, commandsWith, type Tool } from "./command.ts";
import type { Io } from "./io.ts";
import { READS, restrict } from "./permissions.ts";
import { SHELLS } from "./shells.ts";
import { UsageError } from "./usage_error.ts";

/** The words by which scripts ask for candidates, with descriptions or without. */
const ASK: Readonly<Record<string, { readonly descriptions: boolean }>> = {
  __complete: { descriptions: true },
  __completeNoDesc: { descriptions: false },
};

const define = commandsWith({});

/** Prints the script for a shell. */
const completionOf = (tool: string): CommandNode =>
  define({
    name: "completion",
    summary: "generate the autocompletion script for the specified shell",
    description:
      "Print the script that completes commands, flags and values in a shell. It asks this\n" +
      "program for candidates, which may ask a registry.",
    examples: [
      {
        about: "complete in this bash",
        line: `source <(${tool} completion bash)`,
      },
      {
        about: "complete in every fish from now on",
        line:
          `mkdir -p ~/.config/fish/completions && ${tool} completion fish > ~/.config/fish/completions/${tool}.fish`,
      },
    ],
    args: ["shell"],
    completes: ["shell"],
    flags: {
      "no-descriptions": { kind: "switch", summary: "Candidates alone" },
    },
    async run(io, { args: [text], flags, tool }) {
      const shell = SHELLS.find((one) => one === text);
      if (shell === undefined) {
        throw new UsageError(
          `unknown shell ${JSON.stringify(text)}`,
          `use one of ${SHELLS.join(", ")}`,
        );
      }
      const { shellScript } = await import("./shell_script.ts");
      const descriptions = !flags["no-descriptions"];
      await io.stdout.write(shellScript(shell, tool.name, { descriptions }));
    },
  });

/** The tool with the `completion` command, unless it has one of its own. */
export function withCompletion(tool: Tool): Tool {
  return {
    ...tool,
    load: async () => {
      const nodes = await tool.load();
      const has = nodes.some(({ name }) => name === "completion");
      return has ? nodes : [...nodes, completionOf(tool.name)];
    },
  };
}

/**
 * Answers a script that asks for candidates.
 *
 * @returns Whether the words were such a question.
 */
export async function answerCompletion(
  tool: Tool,
  argv: readonly string[],
  io: Io,
): Promise<boolean> {
  const [word = "", ...rest] = argv;
  const options = Object.hasOwn(ASK, word) ? ASK[word] : undefined;
  if (options === undefined) return false;
  restrict(io.permissions, READS);
  const words = rest[0] === "--" ? rest.slice(1) : rest;
  const { candidates } = await import("./complete.ts");
  await io.stdout.write(await candidates(tool, words, { io, ...options }));
  return true;
}
