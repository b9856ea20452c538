/**
 * What the library functions share.
 *
 * @module
 */
import { ByteBuilder } from "./bytes.ts";
import type { LuaState } from "./exports.ts";
import type { Binding } from "./instance.ts";
import type { Limits, Watch } from "./limits.ts";
import type { Stack } from "./stack.ts";

/** The interpreter of one script, and its bounds. */
export interface Context {
  /** The stack. */
  readonly stack: Stack;
  /** Looks at the stop flag. */
  readonly watch: Watch;
  /** The bounds. */
  readonly limits: Limits;
}

/** Library functions by name. */
export type Library = Readonly<Record<string, Binding>>;

/** A buffer for a string that the script gets: no larger than its memory. */
export function builder(context: Context, L: LuaState): ByteBuilder {
  const { stack, limits } = context;
  return new ByteBuilder(
    limits.memory / 2,
    () => stack.raise(L, "not enough memory"),
  );
}

/** Sets functions in the table on top of the stack. Each looks at the stop flag first. */
export function register(
  context: Context,
  L: LuaState,
  library: Library,
): void {
  const { stack, watch } = context;
  for (const [name, binding] of Object.entries(library)) {
    stack.pushFunction(L, (L) => {
      watch.tick(1, stack, L);
      return binding(L);
    });
    stack.setField(L, -2, name);
  }
}
