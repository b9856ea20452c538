/**
 * A limit on silence: aborts when nothing has happened for some time.
 *
 * @module
 */
import { sleep } from "../../base/sleep.ts";
import type { CallOptions } from "../core.ts";

/** A running limit; disposing it stops the clock and leaves the signal linked to its parent. */
export interface Deadline extends Disposable {
  /** Aborts with the parent, or with the limit's own error. */
  readonly signal: AbortSignal;
  /** Starts the time anew; with another length where given, `Infinity` for none. */
  renew(ms?: number): void;
}

/** Ends a sleep: made once, as an error of its own for each request costs more than the rest. */
const STOPPED = new DOMException("Stopped", "AbortError");

/** A day: the clock is looked at again then. */
const LONGEST = 24 * 60 * 60 * 1000;

/**
 * Starts a limit.
 *
 * @param ms How long nothing may happen, in milliseconds.
 * @param expired Makes the error that the signal then aborts with.
 */
export function deadline(
  ms: number,
  expired: () => Error,
  options: CallOptions = {},
): Deadline {
  const controller = new AbortController();
  let stop = new AbortController();
  let length = ms;
  let last = performance.now();
  let wakesAt = 0;
  // One sleeper looks at the clock, so that a renewal is no more than two
  // numbers kept: it happens for every chunk of a body.
  const watch = async (signal: AbortSignal) => {
    for (;;) {
      const left = last + length - performance.now();
      if (left <= 0) return controller.abort(expired());
      const nap = Math.min(left, ms, LONGEST);
      wakesAt = performance.now() + nap;
      await sleep(nap, { signal });
    }
  };
  const start = () => {
    stop = new AbortController();
    watch(stop.signal).catch(() => {}); // only ever stopped by its own signal
  };
  start();
  return {
    signal: options.signal
      ? follow(options.signal, controller)
      : controller.signal,
    renew(next = length) {
      length = next;
      last = performance.now();
      if (last + length >= wakesAt || stop.signal.aborted) return;
      stop.abort(STOPPED);
      start();
    },
    [Symbol.dispose]: () => stop.abort(STOPPED),
  };
}

/** Keeps a controller for as long as its signal is in use. */
const controllers = new WeakMap<AbortSignal, AbortController>();

/** Takes what a signal was told out of its parent's listeners once it is gone. */
const gone = new FinalizationRegistry<() => void>((unlink) => unlink());

/**
 * Aborts a controller with its parent. `AbortSignal.any` would do, but fetch keeps
 * every signal that it makes of one alive with the parent, some kilobytes for each
 * answer with a body, and the parent of a server lives for months.
 */
function follow(
  parent: AbortSignal,
  controller: AbortController,
): AbortSignal {
  const { signal } = controller;
  if (parent.aborted) {
    controller.abort(parent.reason);
    return signal;
  }
  const weak = new WeakRef(controller);
  const abort = () => weak.deref()?.abort(parent.reason);
  parent.addEventListener("abort", abort, { once: true });
  controllers.set(signal, controller);
  gone.register(signal, () => parent.removeEventListener("abort", abort));
  return signal;
}
