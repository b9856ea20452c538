/** A clock that stands still until a test moves it. */
import type { Clock } from "../../src/schedule/clock.ts";
import type { SleepOptions } from "../../src/base/sleep.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock for tests: time passes only in {@linkcode FakeClock.advance}. */
export class FakeClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];

  /** Starts at a time in milliseconds since 1970. */
  constructor(now = 0) {
    this.#now = now;
  }

  /** How many wait for the clock. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, options: SleepOptions = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
      reject(signal?.reason);
    };
    const wake = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const sleeper = { at: this.#now + ms, wake };
    this.#sleepers.push(sleeper);
    signal?.addEventListener("abort", abort, { once: true });
    return promise;
  }

  /** Sets the clock without waking anybody, as an administrator does. */
  set(now: number): void {
    this.#now = now;
  }

  /** Lets time pass; whoever wakes up has run as far as it can when this returns. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    while (true) {
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, other) => !first || other.at < first.at ? other : first,
        undefined,
      );
      if (!next || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets everything that waits for nothing but a promise go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
