/**
 * The gate of `parallel`: so many copies at a time, of all scripts together.
 *
 * @module
 */
import type { Call } from "./call.ts";
import { failed } from "./lists.ts";

/** Waits for a slot; a script that gives up leaves the others in their order. */
export async function throttled(call: Call): Promise<Disposable> {
  try {
    return await call.session.gate.acquire({ signal: call.signal });
  } catch (error) {
    throw failed("Failed to acquire throttle", error);
  }
}
