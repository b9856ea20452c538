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
import { openContext } from "./open_context.ts";
import { dependencies } from "./order.ts";
import { Tally } from "./result.ts";
import type { Shard } from "./shard.ts";
import { runStep } from "./step.ts";

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

/** How many errors are kept for the end; a server may run for months. */
const ERRORS = 100;

/** A file that is served, and the steps of it that are being run. */
interface Served {
  readonly context: Context & AsyncDisposable;
  /** Runs under way that use the context. */
  users: number;
  /** A later file is served now. */
  replaced: boolean;
}

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
  readonly #errors: unknown[] = [];
  #dropped = 0;
  #served: Served;
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
    context: Context & AsyncDisposable,
    options: ServerOptions & { readonly io: Io },
  ) {
    const { io, log, clock = systemClock, random = Math.random } = options;
    this.#io = io;
    this.#options = options;
    this.#config = config;
    this.#served = { context, users: 0, replaced: false };
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
      onError: (_, error) => this.#keep([error]),
    });
  }

  /** How many errors are kept now. */
  get errors(): number {
    return this.#errors.length;
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
    return this.#dropped === 0
      ? this.#errors
      : [...this.#errors, new Error(`and ${this.#dropped} more errors`)];
  }

  /** Serves another file from now on; what is under way goes on. */
  async reload(config: RegsyncConfig): Promise<void> {
    const context = await openContext(config, this.#io, {
      ...this.#options,
      before: this.#served.context,
    });
    if (this.#stop.signal.aborted) {
      return await context[Symbol.asyncDispose]();
    }
    const old = this.#served;
    this.#served = { context, users: 0, replaced: false };
    this.#config = config;
    old.replaced = true;
    this.#release(old, 0);
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
        run: () => this.#fire(step, index, served),
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
  #runFirst(jobs: readonly StepJob[], served: Served): void {
    const waits = dependencies(jobs.map(({ step }) => step));
    const done: Promise<void>[] = [];
    for (const [at, job] of jobs.entries()) {
      const { step, index } = job;
      const { promise, resolve } = Promise.withResolvers<void>();
      done.push(promise);
      const before = (waits[at] ?? []).map((other) => done[other]);
      const started = this.#runner.start(job, async () => {
        try {
          await Promise.all(before);
          await this.#runStep(step, "missing", { index, served });
        } finally {
          resolve();
        }
      });
      if (!started) resolve();
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
      this.#keep([error]);
      if (abortOnError) this.#stop.abort();
      return null;
    }
  }

  async #fire(step: SyncStep, index: number, served: Served): Promise<void> {
    const { source, target, type } = step;
    this.#options.log.debug("Running task", { source, target, type });
    await this.#runStep(step, "copy", { index, served });
  }

  async #runStep(
    step: SyncStep,
    action: Action,
    at: { readonly index: number; readonly served: Served },
  ): Promise<void> {
    const { index, served } = at;
    const { shard, abortOnError = false } = this.#options;
    served.users++;
    try {
      const errors = await runStep({ step, index }, served.context, {
        action,
        run: new Run(),
        shard,
        abortOnError,
        abort: () => this.#stop.abort(),
        signal: this.#stop.signal,
        tally: new Tally(),
      });
      const failed = errors.filter((error) => !isAbort(error));
      this.#keep(failed);
      if (abortOnError && failed.length > 0) this.#stop.abort();
    } finally {
      this.#release(served, 1);
    }
  }

  /** Closes the connections of a file that is not served any more. */
  #release(served: Served, users: number): void {
    served.users -= users;
    if (!served.replaced || served.users > 0) return;
    const { context } = served;
    Promise.resolve(context[Symbol.asyncDispose]())
      .catch((error) => this.#keep([error]));
  }

  #keep(errors: readonly unknown[]): void {
    for (const error of errors) {
      if (this.#errors.length < ERRORS) this.#errors.push(error);
      else this.#dropped++;
    }
  }

  /** Stops, waits, and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#runner.stop();
    await this.#runner.idle();
    await this.#served.context[Symbol.asyncDispose]();
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
