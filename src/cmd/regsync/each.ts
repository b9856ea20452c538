/**
 * Works on many things at once and gives what failed in their order.
 *
 * @module
 */
import { isAbort } from "../../base/errors.ts";
import type { Round } from "./context.ts";

/** Options for {@linkcode each}. */
export interface EachOptions<T> {
  /** The first one copies after this. */
  readonly turn?: Promise<void> | undefined;
  /**
   * Does the work of an item.
   *
   * @param turn After this it may copy; see {@linkcode Round.inOrder}.
   * @param at Its place.
   * @returns What failed.
   */
  readonly work: (
    item: T,
    turn: Promise<void> | undefined,
    at: number,
  ) => Promise<readonly unknown[]>;
}

/**
 * Starts the work of all items. In a run that ends at the first failure, that is
 * the first one in the order of the items where the run keeps their order.
 *
 * @returns What failed, in the order of the items; what was stopped did not fail.
 */
export async function each<T>(
  items: readonly T[],
  round: Pick<Round, "inOrder" | "abortOnError" | "abort">,
  options: EachOptions<T>,
): Promise<readonly unknown[]> {
  const { inOrder = false, abortOnError = false } = round;
  let { turn } = options;
  const running = items.map((item, at) => {
    const done = options.work(item, turn, at);
    if (inOrder) turn = after(turn, done);
    return abortOnError && !inOrder ? abortAtFailure(done, round) : done;
  });
  const errors: unknown[] = [];
  for (const work of running) {
    const failed = (await work).filter((error) => !isAbort(error));
    errors.push(...failed);
    if (failed.length === 0 || !abortOnError) continue;
    round.abort();
    // What was stopped by that ends soon; nobody asks how.
    await Promise.allSettled(running);
    break;
  }
  return errors;
}

/** When all before and this one are done without a failure. */
function after(
  turn: Promise<void> | undefined,
  done: Promise<readonly unknown[]>,
): Promise<void> {
  const next = Promise.all([turn, done]).then(([, failed]) => {
    if (failed.length > 0) throw new DOMException("Stopped", "AbortError");
  });
  // The last one's turn is nobody's.
  next.catch(() => {});
  return next;
}

async function abortAtFailure(
  done: Promise<readonly unknown[]>,
  round: Pick<Round, "abort">,
): Promise<readonly unknown[]> {
  const failed = await done;
  if (failed.some((error) => !isAbort(error))) round.abort();
  return failed;
}
