/**
 * Runs a script on this thread, with a host that a test makes up.
 *
 * @module
 */
import {
  encodeAnswer,
  type HostValue,
  type LuaValue,
  Reader,
} from "../../src/lua/codec.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/lua/engine/limits.ts";
import { type Outcome, Script } from "../../src/lua/engine/script.ts";
import { luaModule } from "../../src/lua/wasm.ts";

/** A function for scripts, by its path. */
export type Functions = Readonly<
  Record<string, (...args: LuaValue[]) => readonly HostValue[]>
>;

/** What a script is run with. */
export interface RunOptions {
  /** The host's functions. */
  readonly functions?: Functions;
  /** The classes of objects. */
  readonly classes?: readonly string[];
  /** The bounds. */
  readonly limits?: Partial<Limits>;
}

/** What a script printed, and how it ended. */
export interface Result {
  readonly printed: string;
  readonly outcome: Outcome;
}

const module = await luaModule();

/** Runs a script to its end; more than 10^8 instructions end it. */
export function run(source: string, options: RunOptions = {}): Result {
  const { functions = {}, classes = [], limits = {} } = options;
  const printed: number[] = [];
  const calls = Object.values(functions);
  const script = new Script(module, {
    limits: { ...DEFAULT_LIMITS, instructions: 1e8, ...limits },
    interface: {
      classes,
      functions: Object.keys(functions).map((path) => ({ path, fields: true })),
    },
    host: {
      call: (n, bytes) => {
        const reader = new Reader(bytes);
        const args = Array.from(
          { length: reader.count() },
          () => reader.value(),
        );
        try {
          const values = calls[n]?.(...args) ?? [];
          return encodeAnswer({ type: "values", values });
        } catch (error) {
          return encodeAnswer({ type: "error", message: String(error) });
        }
      },
      write: (bytes) => {
        for (const byte of bytes) printed.push(byte);
      },
      idle: () => {},
      stopped: () => undefined,
      release: () => {},
    },
  });
  const outcome = script.run(new TextEncoder().encode(source), "<string>");
  return {
    printed: new TextDecoder().decode(Uint8Array.from(printed)),
    outcome,
  };
}

/** What a script prints, which must end by itself. */
export function printed(source: string, options: RunOptions = {}): string {
  const { printed, outcome } = run(source, options);
  if (outcome.type !== "done") throw new Error(JSON.stringify(outcome));
  return printed;
}

/** The message that a script fails with. */
export function failure(source: string, options: RunOptions = {}): string {
  const { outcome } = run(source, options);
  return "message" in outcome ? outcome.message : outcome.type;
}
