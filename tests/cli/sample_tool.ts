/** A small tool for the tests of the command layer. */
import { commandsWith, type Tool } from "../../src/cli/command.ts";
import type { Flags } from "../../src/cli/flags.ts";
import { logFlags } from "../../src/cli/log_flags.ts";

export const GLOBALS = {
  ...logFlags("WARN"),
  host: { kind: "list", value: "SETTINGS", summary: "hosts" },
} as const satisfies Flags;

export const define = commandsWith(GLOBALS);

/** Prints what it was called with, as JSON. */
export const echo = define({
  name: "echo",
  aliases: ["say"],
  summary: "print the call",
  examples: [{ about: "print a word", line: "sample group echo word" }],
  args: ["first", "[second]"],
  flags: {
    limit: { kind: "integer", value: "N", summary: "a number", default: 3 },
    rate: { kind: "decimal", value: "N", summary: "a fraction" },
    wait: { kind: "duration", value: "TIME", summary: "a time" },
    include: {
      kind: "list",
      value: "REGEXP",
      summary: "keep",
      default: ["all"],
    },
    name: { kind: "text", value: "NAME", short: "n", summary: "a name" },
    quiet: { kind: "switch", short: "q", summary: "say less" },
    yes: { kind: "switch", short: "y", summary: "agree", default: true },
    secret: { kind: "switch", summary: "not shown", hidden: true },
  },
  async run(io, { args, flags, given, occurrences, path }) {
    await io.stdout.write(
      JSON.stringify({
        args,
        flags,
        given: [...given],
        occurrences,
        path,
      }),
    );
  },
});

/** Throws or waits, as its argument says. */
export const fail = define({
  name: "fail",
  summary: "throw",
  args: [],
  flags: {},
  run(_io, { log, signal }) {
    log.warn("About to fail", { why: "a test" });
    signal.throwIfAborted();
    return Promise.reject(failure.error);
  },
});

/** What `fail` throws. */
export const failure: { error: unknown } = { error: undefined };

/** Takes one word or more. */
export const many = define({
  name: "many",
  summary: "take many words",
  hidden: true,
  args: ["word..."],
  flags: {
    config: { kind: "text", value: "FILE", summary: "", required: true },
  },
  async run(io, { args: [words], flags }) {
    await io.stdout.write(`${words.join(",")} ${flags.config}`);
    return 3;
  },
});

export const sample: Tool = {
  name: "sample",
  summary: "a tool",
  globals: GLOBALS,
  errors: "explained",
  load: () =>
    Promise.resolve([{
      name: "group",
      aliases: ["g"],
      summary: "a group",
      load: () => Promise.resolve([echo, fail, many]),
    }]),
};
