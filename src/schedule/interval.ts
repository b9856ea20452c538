/**
 * `@every 90s`: a fixed time between two firings.
 *
 * @module
 */
import { parseDuration, SECOND } from "../base/duration.ts";
import { messageOf, RegError } from "../base/errors.ts";

/**
 * A schedule that is due again and again after a duration: at least a second,
 * whole seconds, at the beginning of a second of the clock.
 *
 * @param duration In Go's spelling.
 * @param spec What messages quote. @default {`@every ${duration}`}
 * @throws {RegError} `config` for anything that is no duration.
 */
export function every(
  duration: string,
  spec: string = `@every ${duration}`,
): { next(after: number): number } {
  const seconds = parse(duration, spec) / SECOND;
  const stepMs = Number(seconds < 1n ? 1n : seconds) * 1000;
  return { next: (after) => Math.floor(after / 1000) * 1000 + stepMs };
}

function parse(duration: string, spec: string): bigint {
  try {
    return parseDuration(duration);
  } catch (cause) {
    throw new RegError(
      "config",
      `failed to parse duration ${spec}: ${messageOf(cause)}`,
      { cause },
    );
  }
}
