/**
 * Scripts on their schedules.
 *
 * @module
 */
import { formatDuration } from "../../base/duration.ts";
import type { Log } from "../../base/log.ts";
import type { Io } from "../../cli/io.ts";
import type { RegbotScript } from "../../config/regbot.ts";
import { type Clock, systemClock } from "../../schedule/clock.ts";
import { parseSchedule } from "../../schedule/cron.ts";
import { type Job, Runner } from "../../schedule/runner.ts";
import type { LoadedConfig } from "./load.ts";
import { type OpenedRunner, openRunner } from "./open_runner.ts";

/** Options for {@linkcode ScriptServer}. */
export interface ScriptServerOptions {
  /** Where events go. */
  readonly log: Log;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

/** How many errors are kept for the end; a server may run for months. */
const ERRORS = 100;

/** A file that is served, and the runs of it that go on. */
interface Served {
  readonly opened: OpenedRunner;
  /** Runs under way. */
  users: number;
  /** A later file is served now. */
  replaced: boolean;
}

/** Runs the scripts of a file until it is stopped. */
export class ScriptServer implements AsyncDisposable {
  readonly #io: Io;
  readonly #options: ScriptServerOptions;
  readonly #runner: Runner;
  readonly #stop = new AbortController();
  readonly #errors: unknown[] = [];
  #served: Served | undefined;

  /** Makes a server of nothing. */
  constructor(io: Io, options: ScriptServerOptions) {
    const { log, clock = systemClock } = options;
    this.#io = io;
    this.#options = options;
    this.#runner = new Runner({
      clock,
      onSkip: ({ key }) =>
        log.debug("Skipping task, last run is still going", { name: key }),
      onError: (_, error) => this.#keep(error),
    });
  }

  /** Serves a file from now on, in place of the one before; runs under way go on. */
  async serve(loaded: LoadedConfig): Promise<void> {
    const opened = await openRunner(loaded, this.#io, this.#options);
    const before = this.#served;
    const served: Served = { opened, users: 0, replaced: false };
    this.#served = served;
    this.#runner.replace(
      loaded.config.scripts.flatMap((script, index) =>
        this.#job(script, index, served)
      ),
    );
    if (before === undefined) return;
    before.replaced = true;
    await this.#release(before, 0);
  }

  /**
   * Runs until the signal aborts, then waits for what is under way to end.
   *
   * @returns What failed since the start.
   */
  async wait(signal: AbortSignal): Promise<readonly unknown[]> {
    const { log } = this.#options;
    await new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    log.debug("Interrupt received, stopping");
    log.info("Stopping server");
    this.#runner.stop();
    this.#stop.abort(signal.reason);
    log.debug("Waiting on running tasks");
    await this.#runner.idle();
    return this.#errors;
  }

  #job(script: RegbotScript, index: number, served: Served): Job[] {
    const { log } = this.#options;
    const { name, schedule, interval } = script;
    const sched = schedule ||
      (interval === 0n ? "" : `@every ${formatDuration(interval)}`);
    if (sched === "") {
      log.error("No schedule or interval found, ignoring", { name });
      return [];
    }
    log.debug("Scheduled task", { name, sched });
    return [{
      // Two scripts may have one name.
      key: `${name}#${index}`,
      schedule: parseSchedule(sched),
      run: () => this.#fire(script, served),
    }];
  }

  async #fire(script: RegbotScript, served: Served): Promise<void> {
    this.#options.log.debug("Running task", { name: script.name });
    served.users++;
    try {
      await served.opened.runner.run(script, this.#stop.signal);
    } catch (error) {
      // What the end of the server cut off did not fail.
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      await this.#release(served, 1);
    }
  }

  /** Closes what a file used that is not served any more. */
  async #release(served: Served, users: number): Promise<void> {
    served.users -= users;
    if (served.replaced && served.users === 0) {
      await served.opened[Symbol.asyncDispose]();
    }
  }

  #keep(error: unknown): void {
    if (this.#errors.length < ERRORS) this.#errors.push(error);
  }

  /** Stops, waits, and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#runner.stop();
    await this.#runner.idle();
    await this.#served?.opened[Symbol.asyncDispose]();
  }
}
