/**
 * Starts the engine of scripts before what they call is loaded: both take long.
 *
 * @module
 */
import { LuaPool } from "../../lua/pool.ts";

/** Makes a pool whose first Worker starts at once. Dispose it at the end. */
export function startPool(): LuaPool {
  return new LuaPool({
    interface: import("../../lua/api/mod.ts").then(({ INTERFACE }) =>
      INTERFACE
    ),
  });
}
