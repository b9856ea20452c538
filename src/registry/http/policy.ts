/**
 * How many requests go to a host at once: one interface, for policies to come.
 *
 * @module
 */
import { type AcquireOptions, Semaphore } from "../../base/semaphore.ts";

/** What counts for a request's place in the queue. */
export type Weight = "small" | "download" | "upload";

/** Admits requests to one host. */
export interface Policy {
  /** Waits for a slot; disposing it frees it. */
  acquire(weight: Weight, options?: AcquireOptions): Promise<Disposable>;
}

/** The numbers of {@linkcode fixedPolicy}. */
export interface FixedPolicyOptions {
  /** Requests without a blob's bytes. @default {16} */
  readonly small?: number;
  /** Blob bodies in each direction. @default {4} */
  readonly blobs?: number;
}

/**
 * The policy where the user sets none. Blobs never keep small requests waiting.
 * Downloads and uploads are counted apart: a copy within one host holds one of
 * each, and two copies in opposite directions cannot wait for each other.
 */
export function fixedPolicy(options: FixedPolicyOptions = {}): Policy {
  const { small = 16, blobs = 4 } = options;
  const gates: Readonly<Record<Weight, Semaphore>> = {
    small: new Semaphore(small),
    download: new Semaphore(blobs),
    upload: new Semaphore(blobs),
  };
  return { acquire: (weight, options) => gates[weight].acquire(options) };
}

/** One limit for everything, as `reqConcurrent` sets it; small requests go first. */
export function singlePolicy(limit: number): Policy {
  const gate = new Semaphore(limit);
  return {
    acquire: (weight, options) =>
      gate.acquire({ ...options, priority: weight === "small" ? 0 : 1 }),
  };
}
