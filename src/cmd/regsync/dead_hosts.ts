/**
 * Targets that could not be reached, so that thousands of images do not each
 * find it out for themselves.
 *
 * @module
 */
import { isRegError } from "../../base/errors.ts";
import { CopyError } from "../../registry/copy_error.ts";

/** When copies to hosts last failed as the host could not be reached. */
export class DeadHosts {
  readonly #failed = new Map<string, number>();

  /** Notes how a copy to a host ended: `error` is what it threw, nothing where it did not. */
  note(host: string, now: number, error?: unknown): void {
    if (error === undefined) this.#failed.delete(host);
    else if (error instanceof CopyError && isTargetDown(error)) {
      this.#failed.set(host, now);
    }
  }

  /** Tells whether a copy to a host failed since a time. */
  failedSince(host: string, time: number): boolean {
    return (this.#failed.get(host) ?? -Infinity) >= time;
  }
}

function isTargetDown(error: CopyError): boolean {
  return error.side === "target" && isRegError(error, "network", "timeout");
}
