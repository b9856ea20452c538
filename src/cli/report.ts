/**
 * What a command says that failed.
 *
 * @module
 */
import { LEVELS } from "../base/log.ts";
import type { Tool } from "./command.ts";
import { causeChain, explain } from "./explain.ts";
import { BrokenPipe, type Io } from "./io.ts";
import type { LogSettings } from "./log_flags.ts";
import { jsonLine } from "./log_sinks.ts";

/** What is known where a command failed. */
export interface ReportOptions {
  /** The tool. */
  readonly tool: Tool;
  /** Where it is said. */
  readonly io: Io;
  /** How it is said. */
  readonly settings: LogSettings;
  /** What the tool advises. */
  readonly advice: string | undefined;
}

/**
 * Says on the standard error why a command failed.
 *
 * @returns The exit status.
 */
export function report(error: unknown, options: ReportOptions): number {
  const { tool, io, settings, advice } = options;
  if (error instanceof BrokenPipe) return 0;
  const { exit, message, hint } = explain(error, {
    style: tool.errors,
    tool: tool.name,
    advice,
  });
  if (message === "") return exit;
  const debug = settings.threshold <= LEVELS.debug;
  if (settings.json && tool.errors === "explained") {
    io.stderr.writeSync(jsonLine({
      time: new Date(),
      level: LEVELS.error,
      message,
      attributes: {
        ...(hint === undefined ? {} : { hint }),
        ...(debug ? { stack: causeChain(error) } : {}),
      },
    }));
    return exit;
  }
  const label = tool.errors === "explained" ? "error: " : "";
  io.stderr.writeSync(`${label}${message}\n`);
  if (hint !== undefined) io.stderr.writeSync(`hint: ${hint}\n`);
  if (debug) io.stderr.writeSync(`${causeChain(error)}\n`);
  return exit;
}
