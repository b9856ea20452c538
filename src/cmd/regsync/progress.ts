/**
 * How far a run is: a line that is drawn again on a terminal, else a record
 * every half a minute.
 *
 * @module
 */
import { formatDuration, MILLISECOND } from "../../base/duration.ts";
import { humanSize } from "../../base/human_size.ts";
import type { Log } from "../../base/log.ts";
import type { Output } from "../../cli/io.ts";
import type { Clock } from "../../schedule/clock.ts";
import type { Tally } from "./result.ts";

/** Between two records where there is no terminal. */
const RECORD_MS = 30_000;
/** Between two drawings on a terminal. */
const DRAW_MS = 200;

/** Options for {@linkcode showProgress}. */
export interface ProgressOptions {
  /** Where it is drawn, where that is a terminal. */
  readonly output: Output;
  /** Takes the records. */
  readonly log: Log;
  /** Tells the time. */
  readonly clock: Clock;
}

/** Progress that is shown until it is disposed. */
export function showProgress(
  tally: Tally,
  options: ProgressOptions,
): AsyncDisposable {
  const { output, log, clock } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const started = clock.now();
  const measure = new Meter(tally, started);
  const loop = async () => {
    const wait = output.isTerminal ? DRAW_MS : RECORD_MS;
    for (;;) {
      await clock.sleep(wait, { signal });
      const state = measure.read(clock.now());
      if (output.isTerminal) draw(output, state);
      else {
        log.info("Progress", {
          bytes: state.bytes,
          rate: `${humanSize(state.rate)}/s`,
          done: state.done,
          total: state.total,
          ...state.leftMs !== undefined && { left: rounded(state.leftMs) },
        });
      }
    }
  };
  // Ends with the signal, and with nothing else.
  const running = loop().catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      controller.abort();
      await running;
      if (output.isTerminal) output.writeSync("\r\x1b[K");
    },
  };
}

/** How far a run is at a time. */
export interface ProgressState {
  /** Bytes sent so far. */
  readonly bytes: number;
  /** Bytes a second, since the last look. */
  readonly rate: number;
  /** Images that are done. */
  readonly done: number;
  /** Images that are known of. */
  readonly total: number;
  /** Time left at the pace so far, in milliseconds; none before the first is done. */
  readonly leftMs?: number;
}

/** Computes rates from counts. */
export class Meter {
  readonly #tally: Tally;
  readonly #started: number;
  #last: { readonly at: number; readonly bytes: number };

  /** Starts at a time. */
  constructor(tally: Tally, started: number) {
    this.#tally = tally;
    this.#started = started;
    this.#last = { at: started, bytes: 0 };
  }

  /** How far the run is now. */
  read(now: number): ProgressState {
    const { bytes, checked: done } = this.#tally.totals;
    const total = Math.max(done, this.#tally.expected);
    const seconds = (now - this.#last.at) / 1000;
    const rate = seconds > 0 ? (bytes - this.#last.bytes) / seconds : 0;
    this.#last = { at: now, bytes };
    const leftMs = done > 0
      ? (now - this.#started) / done * (total - done)
      : undefined;
    return {
      bytes,
      rate,
      done,
      total,
      ...leftMs !== undefined && { leftMs },
    };
  }
}

function draw(output: Output, state: ProgressState): void {
  const { done, total, bytes, rate, leftMs } = state;
  const left = leftMs === undefined ? "" : `, ${rounded(leftMs)} left`;
  const line = `${done} of ${total} images, ${humanSize(bytes)}, ${
    humanSize(rate)
  }/s${left}`;
  // Back at the start, so that a log line that follows covers it.
  output.writeSync(`\r${line.slice(0, output.columns() - 1)}\x1b[K\r`);
}

/** A duration in whole seconds. */
function rounded(ms: number): string {
  return formatDuration(BigInt(Math.round(ms / 1000)) * 1000n * MILLISECOND);
}
