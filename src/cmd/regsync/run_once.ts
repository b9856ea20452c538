/**
 * `check` and `once`: all steps of the file, one time.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { Run } from "../../registry/run.ts";
import type { Action } from "./decide.ts";
import { loadConfig, logWarnings, settleWrites } from "./load.ts";
import { openContext } from "./open_context.ts";
import { showProgress } from "./progress.ts";
import { reportOf, summaryOf } from "./report.ts";
import { Tally } from "./result.ts";
import { parseShard } from "./shard.ts";
import { runAll } from "./step.ts";

/** The call of a command that runs all steps. */
export interface OnceCall {
  /** Its flags. */
  readonly flags: {
    readonly config: string | undefined;
    readonly "abort-on-error": boolean;
    readonly shard: string | undefined;
    readonly output: string | undefined;
  };
  /** Where events go. */
  readonly log: Log;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
}

/** What a run of all steps came to. */
export interface OnceResult {
  /** Whether it was interrupted. */
  readonly interrupted: boolean;
  /** Whether an image is missing or differs. */
  readonly stale: boolean;
}

/**
 * Runs all steps.
 *
 * @throws {RegError} `partial`, with what failed, each on a line.
 */
export async function runOnce(
  io: Io,
  call: OnceCall,
  action: Action,
): Promise<OnceResult> {
  const { flags, log, signal } = call;
  const { output } = flags;
  if (output !== undefined && output !== "json") {
    throw new UsageError(`unknown output ${JSON.stringify(output)}`);
  }
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const config = await loadConfig(flags.config, io);
  logWarnings(config, log);
  if (action !== "check") settleWrites(config, io);
  await using context = await openContext(config, io, { log });
  const tally = new Tally(output === "json");
  const controller = new AbortController();
  const interrupt = () => {
    log.debug("Interrupt received, stopping");
    controller.abort(signal.reason);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  if (signal.aborted) interrupt();
  const sequential = action === "check" || (config.defaults.parallel ?? 0) <= 0;
  const started = performance.now();
  let errors: readonly unknown[];
  {
    await using _progress = showProgress(tally, {
      output: io.stderr,
      log,
      clock: context.clock,
    });
    errors = await runAll(config.sync, context, {
      action,
      run: new Run(),
      shard,
      abortOnError: flags["abort-on-error"],
      inOrder: flags["abort-on-error"] && sequential,
      abort: () => controller.abort(),
      signal: controller.signal,
      tally,
    });
  }
  const milliseconds = performance.now() - started;
  const { totals } = tally;
  if (action !== "check") {
    log.info("Sync finished", summaryOf(totals, milliseconds));
  }
  if (output === "json") {
    const report = reportOf(tally, {
      action,
      complete: !controller.signal.aborted,
      milliseconds,
    });
    await io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  }
  if (signal.aborted) {
    // What failed before is told all the same.
    for (const error of errors) io.stderr.writeSync(`${messageOf(error)}\n`);
  } else if (errors.length > 0) {
    throw failure(errors);
  }
  return { interrupted: signal.aborted, stale: totals.stale > 0 };
}

/** One error for all that failed. */
export function failure(errors: readonly unknown[]): RegError {
  return new RegError("partial", errors.map(messageOf).join("\n"), {
    cause: errors.length === 1 ? errors[0] : new AggregateError(errors),
  });
}
