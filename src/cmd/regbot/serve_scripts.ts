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
import { ErrorList } from "../error_list.ts";
import { Served } from "../served.ts";
import type { LoadedConfig } from "./load.ts";
import { type OpenedRunner, openRunner } from "./open_runner.ts";
import type { ScriptRunner } from "./script_runner.ts";

/** Options for {@linkcode ScriptServer}. */
export interface ScriptServerOptions {
  /** Where events go. */
  readonly log: Log;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

/** A script on its schedule. */
interface ScriptJob extends Job {
  readonly script: RegbotScript;
}

/** Runs the scripts of a file until it is stopped. */
export class ScriptServer implements AsyncDisposable {
  readonly #io: Io;
  readonly #options: ScriptServerOptions;
  readonly #runner: Runner<ScriptJob>;
  readonly #stop = new AbortController();
  readonly #errors = new ErrorList();
  #served: Served<OpenedRunner> | undefined;

  /** Makes a server of nothing. */
  constructor(io: Io, options: ScriptServerOptions) {
    const { log, clock = systemClock } = options;
    this.#io = io;
    this.#options = options;
    this.#runner = new Runner({
      clock,
      onSkip: ({ script: { name } }) =>
        log.debug("Skipping task, last run is still going", { name }),
      onError: (_, error) => this.#errors.add(error),
    });
  }

  /** Serves a file from now on, in place of the one before; runs under way go on. */
  async serve(loaded: LoadedConfig): Promise<void> {
    const opened = await openRunner(loaded, this.#io, this.#options);
    if (this.#stop.signal.aborted) return await opened[Symbol.asyncDispose]();
    const before = this.#served;
    const served = new Served(opened);
    this.#served = served;
    this.#runner.replace(this.#jobs(loaded.config.scripts, served));
    await before?.replace();
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
    return this.#errors.all;
  }

  #jobs(
    scripts: readonly RegbotScript[],
    served: Served<OpenedRunner>,
  ): ScriptJob[] {
    const { log } = this.#options;
    const seen = new Map<string, number>();
    return scripts.flatMap((script) => {
      const { name, schedule, interval } = script;
      const sched = schedule ||
        (interval === 0n ? "" : `@every ${formatDuration(interval)}`);
      if (sched === "") {
        log.error("No schedule or interval found, ignoring", { name });
        return [];
      }
      log.debug("Scheduled task", { name, sched });
      // Two scripts may have one name.
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return [{
        key: `${name}#${before}`,
        script,
        schedule: parseSchedule(sched),
        run: () => served.use(({ runner }) => this.#fire(script, runner)),
      }];
    });
  }

  async #fire(script: RegbotScript, runner: ScriptRunner): Promise<void> {
    this.#options.log.debug("Running task", { name: script.name });
    try {
      await runner.run(script, this.#stop.signal);
    } catch (error) {
      // What the end of the server cut off did not fail.
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  /** Stops, waits, and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#runner.stop();
    await this.#runner.idle();
    await this.#served?.value[Symbol.asyncDispose]();
  }
}
