/**
 * Steps on their schedules.
 *
 * @module
 */
import { formatDuration, toMilliseconds } from "../../base/duration.ts";
import { isAbort, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import type { RegsyncConfig } from "../../config/regsync.ts";
import type { SyncStep } from "../../config/regsync_steps.ts";
import { Run } from "../../registry/run.ts";
import { type Clock, systemClock } from "../../schedule/clock.ts";
import { parseSchedule, type Schedule } from "../../schedule/cron.ts";
import { type Job, Runner } from "../../schedule/runner.ts";
import type { Context } from "./context.ts";
import type { Action } from "./decide.ts";
import { ErrorList } from "../error_list.ts";
import { Served } from "../served.ts";
import { openContext } from "./open_context.ts";
import { dependencies } from "./order.ts";
import { Tally } from "./result.ts";
import type { Shard } from "./shard.ts";
import { runStep, type StepTask } from "./step.ts";

/** Options for {@linkcode Server}. */
export interface ServerOptions {
  /** Where events go. */
  readonly log: Log;
  /** Which part of the work is done here. */
  readonly shard?: Shard | undefined;
  /** Ends the server at the first failure. @default {false} */
  readonly abortOnError?: boolean | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
  /** A number in [0, 1), for the jitter. @default {Math.random} */
  readonly random?: (() => number) | undefined;
}

/** What the steps of a file share. */
type Opened = Context & AsyncDisposable;

/** A step on its schedule. */
interface StepJob extends Job {
  readonly step: SyncStep;
  /** Its index in the file. */
  readonly index: number;
}

/** Runs the steps of a file until it is stopped. */
export class Server implements AsyncDisposable {
  readonly #io: Io;
  readonly #options: ServerOptions;
  readonly #runner: Runner<StepJob>;
  readonly #stop = new AbortController();
  readonly #errors = new ErrorList();
  #served: Served<Opened>;
  #config: RegsyncConfig;
  /** The steps that had their first run, by key: a changed file runs the others. */
  #begun = new Set<string>();

  /** Makes a server; nothing runs before {@linkcode Server.run}. */
  static async open(
    config: RegsyncConfig,
    io: Io,
    options: ServerOptions,
  ): Promise<Server> {
    const context = await openContext(config, io, options);
    return new Server(config, context, { ...options, io });
  }

  private constructor(
    config: RegsyncConfig,
    context: Opened,
    options: ServerOptions & { readonly io: Io },
  ) {
    const { io, log, clock = systemClock, random = Math.random } = options;
    this.#io = io;
    this.#options = options;
    this.#config = config;
    this.#served = new Served(context);
    this.#runner = new Runner({
      clock,
      random,
      onSkip: ({ step: { source, target, type } }) =>
        log.debug("Skipping task, last run is still going", {
          source,
          target,
          type,
        }),
      // What a step fails with is kept by the step; this is a defect.
      onError: (_, error) => this.#errors.add(error),
    });
  }

  /** What failed so far; a server that runs for months keeps the first. */
  get errors(): readonly unknown[] {
    return this.#errors.all;
  }

  /** How many runs are under way. */
  get running(): number {
    return this.#runner.running;
  }

  /**
   * Runs until the signal aborts, then waits for what is under way to stop.
   *
   * @returns What failed since the start.
   */
  async run(signal: AbortSignal): Promise<readonly unknown[]> {
    const { log } = this.#options;
    const stopped = Promise.withResolvers<void>();
    this.#stop.signal.addEventListener("abort", () => stopped.resolve(), {
      once: true,
    });
    const interrupt = () => {
      log.debug("Interrupt received, stopping");
      this.#stop.abort(signal.reason);
    };
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    else this.#start();
    await stopped.promise;
    log.info("Stopping server");
    this.#runner.stop();
    log.debug("Waiting on running tasks");
    await this.#runner.idle();
    return this.errors;
  }

  /** Serves another file from now on; what is under way goes on. */
  async reload(config: RegsyncConfig): Promise<void> {
    const context = await openContext(config, this.#io, {
      ...this.#options,
      before: this.#served.value,
    });
    if (this.#stop.signal.aborted) {
      return await context[Symbol.asyncDispose]();
    }
    const old = this.#served;
    this.#served = new Served(context);
    this.#config = config;
    old.replace().catch((error) => this.#errors.add(error));
    this.#options.log.info("Config is reloaded", { steps: config.sync.length });
    this.#start();
  }

  /** Schedules all steps, and runs those that never ran. */
  #start(): void {
    const served = this.#served;
    const keys = keysOf(this.#config.sync);
    const jobs: StepJob[] = [];
    for (const [index, step] of this.#config.sync.entries()) {
      const schedule = this.#scheduleOf(step);
      if (schedule === undefined) continue;
      jobs.push({
        key: keys[index] ?? "",
        step,
        index,
        schedule: schedule ?? { next: () => undefined },
        jitterMs: toMilliseconds(step.jitter),
        run: () =>
          served.use((context) => this.#fire({ step, index }, context)),
      });
    }
    const first = jobs.filter(({ key }) => !this.#begun.has(key));
    this.#begun = new Set(jobs.map(({ key }) => key));
    this.#runner.replace(jobs);
    this.#runFirst(first, served);
  }

  /**
   * The first pass only adds what is missing; the schedules run beside it. Steps
   * wait for those before them that they depend on.
   */
  #runFirst(jobs: readonly StepJob[], served: Served<Opened>): void {
    const waits = dependencies(jobs.map(({ step }) => step));
    const done: Promise<void>[] = [];
    for (const [at, job] of jobs.entries()) {
      const { step, index } = job;
      const { promise, resolve } = Promise.withResolvers<void>();
      done.push(promise);
      const before = (waits[at] ?? []).map((other) => done[other]);
      const run = () =>
        served.use(async (context) => {
          await Promise.all(before);
          await this.#runStep({ step, index }, "missing", context);
        }).finally(resolve);
      if (!this.#runner.start(job, run)) resolve();
    }
  }

  /** The schedule of a step; `null` where it is broken, `undefined` for none. */
  #scheduleOf(step: SyncStep): Schedule | null | undefined {
    const { source, target, type, schedule, interval } = step;
    const { log, abortOnError } = this.#options;
    const names = { source, target, type };
    const sched = schedule ||
      (interval === 0n ? "" : `@every ${formatDuration(interval)}`);
    if (sched === "") {
      log.error("No schedule or interval found, ignoring", names);
      return undefined;
    }
    try {
      const parsed = parseSchedule(sched);
      log.debug("Scheduled task", { ...names, sched });
      return parsed;
    } catch (error) {
      log.error("Failed to schedule cron", {
        source,
        target,
        sched,
        err: messageOf(error),
      });
      this.#errors.add(error);
      if (abortOnError) this.#stop.abort();
      return null;
    }
  }

  async #fire(task: StepTask, context: Context): Promise<void> {
    const { source, target, type } = task.step;
    this.#options.log.debug("Running task", { source, target, type });
    await this.#runStep(task, "copy", context);
  }

  async #runStep(
    task: StepTask,
    action: Action,
    context: Context,
  ): Promise<void> {
    const { shard, abortOnError = false } = this.#options;
    const errors = await runStep(task, context, {
      action,
      run: new Run(),
      shard,
      abortOnError,
      abort: () => this.#stop.abort(),
      signal: this.#stop.signal,
      tally: new Tally(),
    });
    const failed = errors.filter((error) => !isAbort(error));
    this.#errors.add(...failed);
    if (abortOnError && failed.length > 0) this.#stop.abort();
  }

  /** Stops, waits, and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#runner.stop();
    await this.#runner.idle();
    await this.#served.value[Symbol.asyncDispose]();
  }
}

/**
 * What tells steps apart: the work that they do. When a file is read again a
 * step is the same while its work is, whenever it is due.
 */
function keysOf(steps: readonly SyncStep[]): readonly string[] {
  const seen = new Map<string, number>();
  return steps.map(({ interval: _i, schedule: _s, jitter: _j, ...work }) => {
    const text = JSON.stringify(
      work,
      (_, value) => typeof value === "bigint" ? `${value}` : value,
    );
    const before = seen.get(text) ?? 0;
    seen.set(text, before + 1);
    return `${text} ${before}`;
  });
}
