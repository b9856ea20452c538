/**
 * Which side of a copy failed.
 *
 * @module
 */
import { isAbort, messageOf, RegError } from "../base/errors.ts";
import type { Descriptor, Source } from "./core.ts";

/** One side of a copy failed. */
export class CopyError extends RegError {
  /** Which side. */
  readonly side: "source" | "target";
  /** What was being copied, where it is known. */
  readonly node: Descriptor | undefined;

  /**
   * Makes the error from the one that was thrown, whose code it keeps.
   *
   * @param message What was tried, where, and why it failed.
   */
  constructor(
    side: "source" | "target",
    message: string,
    options: { readonly cause: unknown; readonly node?: Descriptor },
  ) {
    const { cause, node } = options;
    const code = cause instanceof RegError ? cause.code : "network";
    super(code, message, { cause });
    this.side = side;
    this.node = node;
  }
}

/**
 * Does something at one store, and says so where it fails.
 *
 * @param source Where the bytes of a push come from: what broke there is told of
 * it, not of the target.
 */
export async function at<T>(
  side: "source" | "target",
  what: readonly [
    verb: string,
    store: Source,
    node?: Descriptor | undefined,
  ],
  work: () => Promise<T>,
  source?: Source,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isAbort(cause) || cause instanceof CopyError) throw cause;
    const [verb, store, node] = what;
    const digest = node ? ` ${node.digest}` : "";
    const preposition = /^(?:find|mount) /.test(verb)
      ? "in"
      : side === "source"
      ? "from"
      : "to";
    const action = `Cannot ${verb}${digest} ${preposition} "${store.name}"`;
    const text = messageOf(cause);
    // Most stores say themselves what they could not do, and where.
    const says = (name: string) =>
      text.startsWith("Cannot ") && text.includes(name);
    const isOfSource = source !== undefined && !says(store.name) &&
      says(source.name);
    throw new CopyError(
      isOfSource ? "source" : side,
      isOfSource || says(store.name) ? text : `${action}: ${text}`,
      node ? { cause, node } : { cause },
    );
  }
}
