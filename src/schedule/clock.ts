/**
 * The time of day and waiting for it, so that tests can bring their own.
 *
 * @module
 */
import { sleep, type SleepOptions } from "../base/sleep.ts";

/** What tells the time and waits. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits, see {@linkcode sleep}. */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now(), sleep };

/** The longest wait at a stretch: clocks are set, and laptops sleep. */
const SLICE_MS = 60_000;

/** Waits until a clock shows a time, also when it is set meanwhile. */
export async function sleepUntil(
  at: number,
  options: SleepOptions & { readonly clock: Clock },
): Promise<void> {
  const { clock, signal } = options;
  for (let left = at - clock.now(); left > 0; left = at - clock.now()) {
    await clock.sleep(Math.min(left, SLICE_MS), { signal });
  }
}
