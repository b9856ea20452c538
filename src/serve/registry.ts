/**
 * A registry without a socket: a function from requests to responses.
 *
 * @module
 */
import { type Log, silent } from "../base/log.ts";
import { MANIFEST_LIMIT } from "../registry/manifest.ts";
import { createApp, type Handler } from "./app.ts";
import type { Authenticate } from "./auth.ts";
import type { Limits } from "./context.ts";
import { front } from "./front.ts";
import type { Storage } from "./storage.ts";
import { Uploads } from "./uploads.ts";

/** Options for {@linkcode createRegistry}. */
export interface RegistryOptions {
  /** Limits; each has a default. */
  readonly limits?: Partial<Limits> | undefined;
  /** Takes manifests whose children are not there. @default {false} */
  readonly sparse?: boolean | undefined;
  /** Takes no changes. @default {false} */
  readonly readOnly?: boolean | undefined;
  /** Drops uploads that nobody touched for so long, in milliseconds. @default {86_400_000} */
  readonly uploadExpireMs?: number | undefined;
  /** Asks who it is first. Everybody may do everything by default. */
  readonly authenticate?: Authenticate | undefined;
  /** Takes a line a request, and what should not happen. Silent by default. */
  readonly log?: Log | undefined;
}

/** The limits of a registry that sets none. */
export const DEFAULT_LIMITS: Limits = {
  // What this project's own client accepts; the specification asks for 4 MiB at least.
  maxManifest: MANIFEST_LIMIT,
  maxBlob: Number.MAX_SAFE_INTEGER,
  minChunk: 0,
  pageSize: 10_000,
  referrersPageSize: 10_000,
  idleMs: 60_000,
};

/**
 * Makes a registry.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * import { MemoryStorage } from "./memory_storage.ts";
 * await using storage = new MemoryStorage();
 * const registry = createRegistry(storage);
 * const answer = await registry(new Request("http://localhost/v2/"));
 * strictEqual(answer.status, 200);
 * ```
 */
export function createRegistry(
  storage: Storage,
  options: RegistryOptions = {},
): Handler {
  const { sparse = false, readOnly = false, log = silent } = options;
  const { uploadExpireMs: expireMs = 86_400_000 } = options;
  const app = createApp({
    storage,
    uploads: new Uploads({ expireMs, max: 100_000 }),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    sparse,
    readOnly,
    log,
  });
  return front(app, options);
}
