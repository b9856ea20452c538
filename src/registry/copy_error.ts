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
   * Makes the error from the one that a store threw, whose code it keeps.
   *
   * @param action What was tried, such as `push blob sha256:… to "ghcr.io/a"`.
   */
  constructor(
    side: "source" | "target",
    action: string,
    options: { readonly cause: unknown; readonly node?: Descriptor },
  ) {
    const { cause, node } = options;
    const code = cause instanceof RegError ? cause.code : "network";
    super(code, messageFor(action, cause), { cause });
    this.side = side;
    this.node = node;
  }
}

/** Stores say themselves what they could not do: that is not said twice. */
function messageFor(action: string, cause: unknown): string {
  const text = messageOf(cause);
  return text.startsWith("Cannot ") ? text : `Cannot ${action}: ${text}`;
}

/** Does something at one store, and says so where it fails. */
export async function at<T>(
  side: "source" | "target",
  what: readonly [
    verb: string,
    store: Source,
    node?: Descriptor | undefined,
  ],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isAbort(cause) || cause instanceof CopyError) throw cause;
    const [verb, store, node] = what;
    const digest = node ? ` ${node.digest}` : "";
    const preposition = side === "source" ? "from" : "to";
    throw new CopyError(
      side,
      `${verb}${digest} ${preposition} "${store.name}"`,
      node ? { cause, node } : { cause },
    );
  }
}
