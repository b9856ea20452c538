/**
 * `check` and `once`: all steps of the file, one time.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { LinkedAbort } from "../../base/linked_abort.ts";
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { Run } from "../../registry/run.ts";
import type { SyncStep } from "../../config/regsync_steps.ts";
import type { Context, Round } from "./context.ts";
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
  using link = linked(signal, log);
  const sequential = action === "check" || (config.defaults.parallel ?? 0) <= 0;
  const round: Round = {
    action,
    run: new Run(),
    shard,
    abortOnError: flags["abort-on-error"],
    inOrder: flags["abort-on-error"] && sequential,
    abort: () => link.abort(),
    signal: link.signal,
    tally: new Tally(output === "json"),
  };
  const started = performance.now();
  const errors = await runShown(config.sync, context, { round, io });
  await tell(round, performance.now() - started, { io, log, output });
  if (signal.aborted) {
    // What failed before is told all the same.
    for (const error of errors) io.stderr.writeSync(`${messageOf(error)}\n`);
  } else if (errors.length > 0) {
    throw failure(errors);
  }
  const { stale } = round.tally.totals;
  return { interrupted: signal.aborted, stale: stale > 0 };
}

/** Aborts with the user's signal, which is told. */
function linked(signal: AbortSignal, log: Log): LinkedAbort {
  const interrupt = () => log.debug("Interrupt received, stopping");
  if (signal.aborted) interrupt();
  else signal.addEventListener("abort", interrupt, { once: true });
  return new LinkedAbort(signal);
}

/** Runs all steps and shows how far they are. */
async function runShown(
  steps: readonly SyncStep[],
  context: Context,
  options: { readonly round: Round; readonly io: Io },
): Promise<readonly unknown[]> {
  const { round, io } = options;
  const { log, clock } = context;
  await using _progress = showProgress(round.tally, {
    output: io.stderr,
    log,
    clock,
  });
  return await runAll(steps, context, round);
}

/** Tells what a run came to: a line of the log, and a report where asked for. */
async function tell(
  { action, signal, tally }: Round,
  milliseconds: number,
  options: {
    readonly io: Io;
    readonly log: Log;
    readonly output: string | undefined;
  },
): Promise<void> {
  const { io, log, output } = options;
  if (action !== "check") {
    log.info("Sync finished", summaryOf(tally.totals, milliseconds));
  }
  if (output === undefined) return;
  const complete = signal?.aborted !== true;
  const report = reportOf(tally, { action, complete, milliseconds });
  await io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

/** One error for all that failed. */
export function failure(errors: readonly unknown[]): RegError {
  return new RegError("partial", errors.map(messageOf).join("\n"), {
    cause: errors.length === 1 ? errors[0] : new AggregateError(errors),
  });
}
