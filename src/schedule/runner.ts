/**
 * Runs jobs when their schedules say so, each at most once at a time.
 *
 * @module
 */
import type { Schedule } from "./cron.ts";
import { type Clock, sleepUntil, systemClock } from "./clock.ts";

/** Something to run again and again. */
export interface Job {
  /** Tells jobs apart; two with the same key never run side by side. */
  readonly key: string;
  /** When it runs. */
  readonly schedule: Schedule;
  /** Each run starts up to this much later, at random. @default {0} */
  readonly jitterMs?: number;
  /** The work. What it throws goes to {@linkcode RunnerOptions.onError}. */
  readonly run: () => Promise<void>;
}

/** Options for {@linkcode Runner}. */
export interface RunnerOptions<J extends Job = Job> {
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** A number in [0, 1), for the jitter. @default {Math.random} */
  readonly random?: () => number;
  /** Called where a job was due while its last run was still going. */
  readonly onSkip?: (job: J) => void;
  /** Called with what a run threw. */
  readonly onError?: (job: J, error: unknown) => void;
}

/**
 * Runs jobs until it is stopped. Runs under way go on when the jobs are
 * replaced and when the runner stops; {@linkcode Runner.idle} waits for them.
 */
export class Runner<J extends Job = Job> {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #options: RunnerOptions<J>;
  readonly #running = new Map<string, Promise<void>>();
  #timers = new AbortController();

  /** Makes a runner without jobs. */
  constructor(options: RunnerOptions<J> = {}) {
    const { clock = systemClock, random = Math.random } = options;
    this.#clock = clock;
    this.#random = random;
    this.#options = options;
  }

  /** How many runs are under way. */
  get running(): number {
    return this.#running.size;
  }

  /** Watches these jobs from now on, and no others. */
  replace(jobs: readonly J[]): void {
    this.stop();
    this.#timers = new AbortController();
    for (const job of jobs) this.#watch(job, this.#timers.signal);
  }

  /** Starts no job any more. */
  stop(): void {
    this.#timers.abort();
  }

  /**
   * Starts a job's work at once, whatever its schedule.
   *
   * @param work Replaces the job's own.
   * @returns Whether it was started: not while its last run is going.
   */
  start(job: J, work: () => Promise<void> = job.run): boolean {
    if (this.#running.has(job.key)) {
      this.#options.onSkip?.(job);
      return false;
    }
    const run = work()
      .catch((error) => this.#options.onError?.(job, error))
      .finally(() => this.#running.delete(job.key));
    this.#running.set(job.key, run);
    return true;
  }

  /** Waits until no run is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #watch(job: J, signal: AbortSignal): Promise<void> {
    const clock = this.#clock;
    let due = job.schedule.next(clock.now());
    while (due !== undefined) {
      const late = (job.jitterMs ?? 0) * this.#random();
      try {
        await sleepUntil(due + late, { clock, signal });
      } catch {
        return; // the signal: nothing else ends a sleep
      }
      this.start(job);
      // From the time that was due, so that a jitter does not shift all that follow.
      const following = job.schedule.next(due);
      const now = clock.now();
      // What was missed while the machine slept is not made up for.
      due = following === undefined || following > now
        ? following
        : job.schedule.next(now);
    }
  }
}
