/**
 * Runs a command line from its words to its exit status.
 *
 * @module
 */
import { firstFailure } from "../base/errors.ts";
import { LEVELS } from "../base/log.ts";
import type { AnyCall, Tool } from "./command.ts";
import { answerCompletion, withCompletion } from "./completion.ts";
import type { Io } from "./io.ts";
import { type LogSettings, logSettings, openLog } from "./log_flags.ts";
import { parse } from "./parse.ts";
import { restrict } from "./permissions.ts";

/**
 * Runs one tool.
 *
 * @param argv The words after the name of the tool.
 * @param io The streams, the environment, the signal.
 * @returns The exit status.
 */
export async function run(
  tool: Tool,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  if (await answerCompletion(withCompletion(tool), argv, io)) return 0;
  return await runCommand(withCompletion(tool), argv, io);
}

async function runCommand(
  tool: Tool,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  // Until the flags are read: what the user sees of an error before that.
  let settings: LogSettings = {
    threshold: LEVELS.warn,
    json: wantsJson(argv),
  };
  let made: AnyCall | undefined;
  try {
    const parsed = await parse(tool, argv);
    if (parsed.kind === "help") {
      await io.stdout.write(parsed.text);
      return 0;
    }
    const { command, kind: _, ...call } = parsed;
    settings = logSettings(call.flags);
    const log = openLog(io, settings);
    made = {
      ...call,
      get signal() {
        return io.signal; // not before somebody asks
      },
      log,
      tool,
    };
    const { needs = [] } = command;
    restrict(io.permissions, typeof needs === "function" ? needs(made) : needs);
    return await command.run(io, made) ?? 0;
  } catch (error) {
    const cause = interruption(firstFailure(error), io);
    const advice = await tool.advise?.(cause, made);
    // Loaded here: most commands do not fail.
    const { report } = await import("./report.ts");
    return report(cause, { tool, io, settings, advice });
  }
}

/** What the user interrupted is told as that, whatever it broke on the way. */
function interruption(error: unknown, io: Io): unknown {
  return io.signal.aborted ? io.signal.reason : error;
}

/** Whether the words ask for JSON logs, before anything is parsed. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, at) =>
    word === "--logopt=json" || (word === "--logopt" && argv[at + 1] === "json")
  );
}
