/**
 * Limits what goes to each host: requests at once, requests started per second,
 * and nothing while the host asks for a pause.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { backoff, retryAfter } from "../../base/backoff.ts";
import { sleep } from "../../base/sleep.ts";
import type {
  CallOptions,
  Layer,
  RegistryRequest,
  RequestBody,
  Transport,
} from "../core.ts";
import type { Health } from "./health.ts";
import type { HostLookup } from "./hosts.ts";
import {
  fixedPolicy,
  type Policy,
  singlePolicy,
  type Weight,
} from "./policy.ts";
import { HttpError } from "./response_error.ts";
import { bind } from "./responses.ts";

/** Options for {@linkcode Throttle}. */
export interface ThrottleOptions {
  /** Finds the settings of a host. */
  readonly hosts: HostLookup;
  /** What is known about hosts; told about 429. */
  readonly health: Health;
  /** The policy of a host without `reqConcurrent`. @default {fixedPolicy} */
  readonly policy?: (() => Policy) | undefined;
}

/** A slot that several requests to a host need together. */
export interface Wanted {
  /** The host. */
  readonly registry: string;
  /** What for. */
  readonly weight: Weight;
}

/** A blob of this size costs no more than a small request, in bytes. */
const SMALL_BLOB = 64 * 1024;

/** The limits of all hosts. */
export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #policies = new Map<string, Policy>();
  readonly #starts = new Map<string, number>();
  // The hosts whose slots the work under way holds: an upload whose bytes come
  // from the same host would otherwise wait for itself.
  readonly #holding = new AsyncLocalStorage<ReadonlySet<string>>();

  /** Makes the limits of all hosts, each when it is first needed. */
  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  /** The layer: a slot is held until the answer's body has ended. */
  layer(): Layer {
    return (next) => async (request) => {
      const { registry, signal } = request;
      await this.#pause(registry, { signal });
      const slot = request.held || this.#holding.getStore()?.has(registry)
        ? NOTHING
        : await this.#policy(registry).acquire(weightOf(request), { signal });
      try {
        await this.#pace(registry, { signal });
        const response = await this.#timed(request, next);
        return bind(response, slot, request);
      } catch (error) {
        slot[Symbol.dispose]();
        if (error instanceof HttpError && error.status === 429) {
          this.#options.health.limited(
            registry,
            retryAfter(error.headers.get("retry-after")) ?? backoff(1),
          );
        }
        throw error;
      }
    };
  }

  /**
   * Waits for several slots. They are taken in one order everywhere, so that two
   * of these never wait for each other; one host with a single limit gives one.
   */
  async acquire(
    wanted: readonly Wanted[],
    options: CallOptions = {},
  ): Promise<Disposable> {
    using stack = new DisposableStack();
    const single = new Set<string>();
    const ordered = wanted.toSorted((a, b) =>
      compare(a.registry, b.registry) || compare(a.weight, b.weight)
    );
    for (const { registry, weight } of ordered) {
      if (single.has(registry)) continue;
      if (this.#options.hosts.get(registry).reqConcurrent) single.add(registry);
      stack.use(await this.#policy(registry).acquire(weight, options));
    }
    return stack.move();
  }

  /** Sends a request, and remembers how long a small one took. */
  async #timed(
    request: RegistryRequest,
    next: Transport,
  ): Promise<Response> {
    const started = performance.now();
    const tell = () => {
      if (request.body !== undefined) return;
      const ms = performance.now() - started;
      this.#options.health.measured(request.registry, ms);
    };
    try {
      const response = await next(this.#marked(request));
      tell();
      return response;
    } catch (error) {
      if (error instanceof HttpError) tell(); // an answer like any other
      throw error;
    }
  }

  /** The same request, whose body knows which slot it is opened under. */
  #marked(request: RegistryRequest): RegistryRequest {
    const { body, registry } = request;
    if (body === undefined || body instanceof Uint8Array) return request;
    const held = new Set([...this.#holding.getStore() ?? [], registry]);
    const marked: RequestBody = {
      ...body,
      open: (options) => this.#holding.run(held, () => body.open(options)),
    };
    return { ...request, body: marked };
  }

  #policy(registry: string): Policy {
    const known = this.#policies.get(registry);
    if (known) return known;
    const { reqConcurrent } = this.#options.hosts.get(registry);
    const { policy = fixedPolicy } = this.#options;
    const made = reqConcurrent && reqConcurrent > 0
      ? singlePolicy(reqConcurrent)
      : policy();
    this.#policies.set(registry, made);
    return made;
  }

  async #pause(registry: string, options: CallOptions): Promise<void> {
    const { health } = this.#options;
    for (let ms = 0; (ms = health.pausedMs(registry)) > 0;) {
      await sleep(ms, options);
    }
  }

  /** Spaces the starts of requests by `1 / reqPerSec` seconds. */
  async #pace(registry: string, options: CallOptions): Promise<void> {
    const { reqPerSec = 0 } = this.#options.hosts.get(registry);
    if (reqPerSec <= 0) return;
    const now = performance.now();
    const start = Math.max(now, this.#starts.get(registry) ?? 0);
    this.#starts.set(registry, start + 1000 / reqPerSec);
    await sleep(start - now, options);
  }
}

const NOTHING: Disposable = { [Symbol.dispose]() {} };

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function weightOf(request: RegistryRequest): Weight {
  const { kind, method, body } = request;
  if (kind === "blob" && method === "GET") {
    return (request.size ?? Infinity) <= SMALL_BLOB ? "small" : "download";
  }
  if (kind !== "upload" || body === undefined) return "small";
  const size = body instanceof Uint8Array ? body.length : body.size;
  return size <= SMALL_BLOB ? "small" : "upload";
}
