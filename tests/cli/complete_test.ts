import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { candidates } from "../../src/cli/complete.ts";
import type { CompletionRequest, Tool } from "../../src/cli/command.ts";
import { memoryIo } from "../support/cli.ts";
import { define, sample } from "./sample_tool.ts";

const asked: CompletionRequest[] = [];
const tool: Tool = {
  ...sample,
  load: () =>
    Promise.resolve([{
      name: "image",
      aliases: ["i"],
      summary: "images",
      load: () =>
        Promise.resolve([
          define({
            name: "copy",
            aliases: ["cp"],
            summary: "copy an image",
            args: ["source", "[file]"],
            completes: ["reference", "file"],
            flags: {
              platform: {
                kind: "text",
                value: "P",
                short: "p",
                summary: "where",
                completes: "platform",
              },
              mode: {
                kind: "text",
                value: "M",
                summary: "how",
                completes: ["fast", "slow"],
              },
              quiet: { kind: "switch", short: "q", summary: "say less" },
              secret: { kind: "switch", summary: "", hidden: true },
            },
            run: () => Promise.resolve(),
          }),
        ]),
    }]),
  complete: (request) => {
    asked.push(request);
    if (request.kind === "platform") return Promise.reject(new Error("no"));
    return Promise.resolve(["reg/a:1", "reg/b:1"]);
  },
};

async function complete(...words: string[]): Promise<string[]> {
  const { io } = memoryIo();
  const text = await candidates(tool, words, { io, descriptions: false });
  return text.trimEnd().split("\n");
}

Deno.test("candidates() gives commands, through aliases and behind global flags", async () => {
  deepStrictEqual(await complete("im"), ["image", ":4"]);
  deepStrictEqual(await complete("i", "c"), ["copy", ":4"]);
  deepStrictEqual(await complete("-v", "debug", "image", ""), ["copy", ":4"]);
});

Deno.test("candidates() gives commands after help", async () => {
  deepStrictEqual(await complete("help", "im"), ["image", ":4"]);
  deepStrictEqual(await complete("help", "image", "c"), ["copy", ":4"]);
});

Deno.test("candidates() gives flags, but nothing hidden", async () => {
  const flags = await complete("image", "cp", "--");
  strictEqual(flags.includes("--platform"), true);
  strictEqual(flags.includes("--verbosity"), true);
  strictEqual(flags.includes("--secret"), false);
});

Deno.test("candidates() gives values of flags in both forms", async () => {
  deepStrictEqual(await complete("image", "copy", "--mode", "f"), [
    "fast",
    ":4",
  ]);
  deepStrictEqual(await complete("image", "copy", "--mode=s"), [
    "--mode=slow",
    ":4",
  ]);
  deepStrictEqual(await complete("--verbosity", "de"), ["debug", ":4"]);
});

Deno.test("candidates() asks the tool for the rest, with what is typed", async () => {
  asked.length = 0;
  deepStrictEqual(await complete("image", "copy", "reg/b"), ["reg/b:1", ":4"]);
  deepStrictEqual(asked.map(({ kind, word }) => [kind, word]), [[
    "reference",
    "reg/b",
  ]]);
});

Deno.test("candidates() leaves files to the shell, and failures unsaid", async () => {
  deepStrictEqual(await complete("image", "copy", "reg/a:1", ""), [":0"]);
  deepStrictEqual(await complete("image", "copy", "-p", ""), [":4"]);
});
