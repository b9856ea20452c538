/**
 * From a reference to the store that it names.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import { type Log, silent } from "../base/log.ts";
import type {
  Abilities,
  CallOptions,
  Descriptor,
  ListOptions,
  Page,
  Store,
} from "./core.ts";
import { type HostConfig, type HostLookup, HostTable } from "./http/hosts.ts";
import { createStack, type Stack } from "./http/mod.ts";
import type { ProxySettings } from "./http/no_proxy.ts";
import { during } from "./http/response_error.ts";
import { discard } from "./http/responses.ts";
import type { Reference } from "./reference.ts";
import { type LayoutOptions, openLayout } from "./store/layout.ts";
import { RegistryStore } from "./store/registry.ts";
import { RegistryFacts } from "./store/registry_facts.ts";
import { listRepositories } from "./store/registry_list.ts";
import { UNTOUCHED_FROM } from "./store/registry_transfer.ts";

/** Options for {@linkcode Client}. */
export interface ClientOptions {
  /** Settings of registries; entries of one name are merged, the last wins. */
  readonly hosts?: readonly HostConfig[] | undefined;
  /** Settings that every registry starts from. */
  readonly hostDefault?: Partial<HostConfig> | undefined;
  /** Takes the trace, debug records and warnings of registries. @default {silent} */
  readonly log?: Log | undefined;
  /** The `User-Agent`, which is also the client id for token servers. @default {"regkit"} */
  readonly userAgent?: string | undefined;
  /** How often to try again after the first attempt. @default {5} */
  readonly retries?: number | undefined;
  /** The wait before the second attempt, in milliseconds; it doubles then. @default {200} */
  readonly firstWaitMs?: number | undefined;
  /** How long a server may be silent, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** Upper bound for the chunks of an upload, in bytes. @default {1_073_741_824} */
  readonly blobLimit?: number | undefined;
  /**
   * From which size on, in bytes, a blob goes between two registries that are near
   * without entering JavaScript; `Infinity` for never. @default {134_217_728}
   */
  readonly untouchedFrom?: number | undefined;
  /** The proxies; none where left out. */
  readonly proxy?: ProxySettings | undefined;
  /** Completes the settings of a host with certificates on disk, once a host. */
  readonly certificates?:
    | ((host: HostConfig) => Promise<HostConfig>)
    | undefined;
  /** Variables for credential helpers, beside those of this process. */
  readonly helperEnv?: Readonly<Record<string, string>> | undefined;
  /** How layouts are opened. */
  readonly layout?: LayoutOptions | undefined;
}

/** A repository on a registry, with all that one can do. */
export interface RegistryRepository extends Store, Abilities, AsyncDisposable {
  /**
   * Takes a manifest that is about to be deleted out of the list of its subject's
   * referrers, where the registry does not do that by itself.
   */
  unlist(node: Descriptor, options?: CallOptions): Promise<void>;
}

/** What {@linkcode Client.open} gives. */
export type OpenedStore = Store & Partial<Abilities> & AsyncDisposable;

/**
 * Opens repositories. All stores of one client share its connections, tokens,
 * limits and what has been learnt about registries.
 *
 * @example
 * ```ts ignore
 * await using client = new Client();
 * await using store = await client.open(parseReference("alpine"));
 * const { digest } = await store.resolve("latest");
 * ```
 */
export class Client implements AsyncDisposable {
  /** The settings of all registries. */
  readonly hosts: HostLookup;
  readonly #options: ClientOptions;
  readonly #stack: Stack;
  readonly #facts = new RegistryFacts();

  /** Makes a client; sends nothing. */
  constructor(options: ClientOptions = {}) {
    const { hosts = [], hostDefault, log = silent, userAgent = "regkit" } =
      options;
    this.#options = options;
    this.hosts = new HostTable(hosts, { hostDefault, log });
    this.#stack = createStack({
      ...options,
      hosts: this.hosts,
      userAgent,
    });
  }

  /**
   * Opens the repository of a reference; its tag and digest do not count.
   *
   * @throws {RegError} `unsupported` for `ocifile://`; what opening a layout throws.
   */
  async open(ref: Reference): Promise<OpenedStore> {
    switch (ref.scheme) {
      case "reg":
        return this.openRegistry(ref);
      case "ocidir":
        return await openLayout(ref.path, this.#options.layout);
      default:
        throw new RegError(
          "unsupported",
          `Cannot open ${JSON.stringify(ref.reference)}: not implemented`,
        );
    }
  }

  /**
   * Opens the repository of a reference to a registry; sends nothing. Nothing has
   * to be closed: what it uses belongs to the client.
   */
  openRegistry(ref: Reference): RegistryRepository {
    const {
      log = silent,
      blobLimit = 1024 ** 3,
      retries = 5,
      firstWaitMs = 200,
      untouchedFrom = UNTOUCHED_FROM,
    } = this.#options;
    const store = new RegistryStore({
      stack: this.#stack,
      host: this.hosts.get(ref.registry),
      repository: ref.repository,
      name: `${ref.registry}/${ref.repository}`,
      log,
      facts: this.#facts,
      blobLimit,
      retries,
      firstWaitMs,
      untouchedFrom,
    });
    // What a registry store shares belongs to the client.
    return Object.assign(store, {
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  }

  /**
   * Lists the repositories of a registry, a page at a time.
   *
   * @param registry The registry's name, such as `localhost:5000`.
   */
  repositories(
    registry: string,
    options: ListOptions = {},
  ): AsyncIterable<Page> {
    return listRepositories(this.#stack.transport, registry, options);
  }

  /**
   * Asks a registry whether it is there and lets us in.
   *
   * @param registry The registry's name, such as `localhost:5000`.
   * @returns The headers of the answer.
   */
  async ping(registry: string, options: CallOptions = {}): Promise<Headers> {
    const { signal } = options;
    try {
      const response = await this.#stack.transport({
        kind: "ping",
        registry,
        method: "GET",
        path: "",
        signal,
      });
      await discard(response);
      return response.headers;
    } catch (error) {
      throw during(`Cannot ping ${JSON.stringify(registry)}`, error);
    }
  }

  /** Closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }
}
