/**
 * The bottom of the stack: one request on the wire, with the host's own trust,
 * client certificate and proxy. The one place that knows which HTTP client sends.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { isRegError, messageOf, RegError } from "../../base/errors.ts";
import type { RegistryRequest, Transport } from "../core.ts";
import { type Deadline, deadline } from "./deadline.ts";
import type { HostConfig, HostLookup } from "./hosts.ts";
import { NetworkError } from "./network_error.ts";
import { proxyFor, type ProxySettings } from "./no_proxy.ts";
import { withUrl } from "./responses.ts";
import { urlOf } from "./url.ts";
import type { WireClient, WireRequest, WireStream } from "./wire.ts";

/** Options for {@linkcode createSend}. */
export interface SendOptions {
  /** Finds the settings of a host. */
  readonly hosts: HostLookup;
  /** The `User-Agent` of every request. */
  readonly userAgent: string;
  /** The proxies; none where left out. */
  readonly proxy?: ProxySettings | undefined;
  /** How long a server may be silent before its answer, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** Completes the settings of a host with what lies on disk, once a host. */
  readonly certificates?:
    | ((host: HostConfig) => Promise<HostConfig>)
    | undefined;
}

/** The bottom of a stack, with the connections that it holds. */
export interface Send extends AsyncDisposable {
  /** Sends one request; any status is an answer, redirects are not followed. */
  readonly transport: Transport;
}

/** A registry may take long to commit a large blob: it hashes or moves it. */
const COMMIT_FACTOR = 10;

/**
 * Makes the bottom of a stack. Its transport rejects with a `RegError` `network`
 * or `timeout` where there is no answer, and with the signal's reason on abort.
 */
export function createSend(options: SendOptions): Send {
  const { timeoutMs = 60_000 } = options;
  const clients = new Clients(options);
  return {
    async transport(request) {
      request.signal?.throwIfAborted();
      const host = options.hosts.get(request.registry);
      const url = urlOf(request, host);
      using limit = deadline(timeoutMs, () => silence(url, timeoutMs), request);
      const failure: { reason?: unknown } = {};
      const body = await openBody(request, {
        limit,
        timeoutMs,
        onError: (reason) => failure.reason = reason,
      });
      try {
        const headers = headersOf(request, options.userAgent);
        const { method } = request;
        const { signal } = limit;
        return withUrl(
          await clients.send(host, request, {
            url,
            method,
            headers,
            body,
            signal,
          }),
          url.href,
        );
      } catch (error) {
        if (body && !(body instanceof Uint8Array)) {
          // Where the client never took the stream, nobody else would end it.
          await body.stream.cancel(error).catch(() => {});
        }
        limit.signal.throwIfAborted();
        throw failure.reason ?? networkError(error, url);
      }
    },
    [Symbol.asyncDispose]: () => clients[Symbol.asyncDispose](),
  };
}

function silence(url: URL, timeoutMs: number): RegError {
  const seconds = timeoutMs / 1000;
  return new RegError(
    "timeout",
    `Cannot get an answer from ${
      JSON.stringify(url.host)
    } within ${seconds} seconds`,
  );
}

function headersOf(request: RegistryRequest, userAgent: string): Headers {
  const headers = new Headers(request.headers);
  headers.set("user-agent", userAgent);
  // Deno 2.6 decodes any gzip answer and takes its length away.
  headers.set("accept-encoding", "identity");
  return headers;
}

/** Turns what clients throw into one error with the innermost reason. */
function networkError(error: unknown, url: URL): RegError {
  if (isRegError(error)) return error;
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) {
    inner = inner.cause;
  }
  // Deno repeats the URL, with all its query, in front of the reason.
  const reason = messageOf(inner).replace(
    /^error sending request .*?: (?=client error|error)/s,
    "",
  );
  return new NetworkError(
    `Cannot reach ${JSON.stringify(url.origin)}: ${hideQueries(reason)}${
      hintOf(reason)
    }`,
    reason,
    { cause: error },
  );
}

function hideQueries(text: string): string {
  return text.replace(/(https?:\/\/[^\s?)"']*)\?[^\s)"']*/g, "$1");
}

/** Upstream's words for the commonest mistake, which people search for. */
function hintOf(reason: string): string {
  return /InvalidContentType|wrong version number/i.test(reason)
    ? ": http: server gave HTTP response to HTTPS client"
    : "";
}

interface BodyOptions {
  readonly limit: Deadline;
  readonly timeoutMs: number;
  readonly onError: (reason: unknown) => void;
}

async function openBody(
  request: RegistryRequest,
  options: BodyOptions,
): Promise<Uint8Array | WireStream | undefined> {
  const { limit, timeoutMs, onError } = options;
  const { body, kind } = request;
  const commitMs = kind === "upload" ? timeoutMs * COMMIT_FACTOR : timeoutMs;
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) {
    limit.renew(commitMs);
    return body;
  }
  // The bytes' own source has its own limits while it is opened.
  limit.renew(Infinity);
  const stream = await body.open(
    request.signal ? { signal: request.signal } : {},
  );
  const { size, untouched = false } = body;
  // Nobody sees untouched bytes pass: whoever hands them on sets the limit.
  if (untouched) return { stream, size, untouched };
  limit.renew(timeoutMs);
  return {
    stream: watched(stream, {
      onBytes: () => limit.renew(timeoutMs),
      onEnd: () => limit.renew(commitMs),
      onError,
    }),
    size,
    untouched,
  };
}

interface WatchOptions {
  readonly onBytes: () => void;
  readonly onEnd: () => void;
  readonly onError: (reason: unknown) => void;
}

/** Passes a stream on and tells what happens; an error stays the source's own. */
function watched(
  stream: ReadableStream<Uint8Array>,
  options: WatchOptions,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  let isCancelled = false;
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await reader.read().catch((error: unknown) => {
        if (!isCancelled) options.onError(error);
        throw error;
      });
      if (isCancelled) return;
      if (done) {
        options.onEnd();
        controller.close();
      } else {
        options.onBytes();
        controller.enqueue(value);
      }
    },
    cancel(reason) {
      isCancelled = true;
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** The clients of all hosts, made when they are first needed. */
class Clients implements AsyncDisposable {
  readonly #options: SendOptions;
  readonly #hosts = new Map<string, Promise<HostConfig>>();
  readonly #clients = new Map<string, WireClient>();
  readonly #pinned = new Set<string>();

  constructor(options: SendOptions) {
    this.#options = options;
  }

  async send(
    configured: HostConfig,
    request: RegistryRequest,
    wire: WireRequest,
  ): Promise<Response> {
    const host = await this.#complete(configured);
    const proxy = proxyFor(wire.url, this.#options.proxy ?? {});
    if (host.tls === "insecure" || this.#pinned.has(host.name)) {
      return (await this.#undici(host, proxy)).send(wire);
    }
    // Blobs take connections of their own: one HTTP/2 connection would make all
    // of them share a single window.
    const blobs = request.kind === "blob" || request.kind === "upload";
    try {
      return await this.#fetch(host, { proxy, blobs }).send(wire);
    } catch (error) {
      if (!isOwnIssuer(error) || !host.regcert) throw error;
      // The handshake failed before any byte of the request was sent.
      this.#pinned.add(host.name);
      return (await this.#undici(host, proxy)).send(wire);
    }
  }

  #complete(host: HostConfig): Promise<HostConfig> {
    const known = this.#hosts.get(host.name);
    if (known) return known;
    const { certificates = (host) => Promise.resolve(host) } = this.#options;
    const complete = certificates(host);
    this.#hosts.set(host.name, complete);
    return complete;
  }

  #fetch(
    host: HostConfig,
    options: { readonly proxy: string | undefined; readonly blobs: boolean },
  ): WireClient {
    const key = JSON.stringify(["fetch", host.name, options]);
    const known = this.#clients.get(key);
    if (known) return known;
    const made = fetchClient(host, options);
    this.#clients.set(key, made);
    return made;
  }

  async #undici(
    host: HostConfig,
    proxy: string | undefined,
  ): Promise<WireClient> {
    const { undiciClient } = await import("./undici_client.ts");
    const key = JSON.stringify(["undici", host.name, proxy]);
    const known = this.#clients.get(key);
    if (known) return known;
    const made = undiciClient(host, { proxy });
    this.#clients.set(key, made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
}

/**
 * A certificate that is its own issuer, as `openssl req -x509` makes it: rustls,
 * which fetch verifies with, refuses such a one in every case.
 */
function isOwnIssuer(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.message.includes("CaUsedAsEndEntity")) return true;
  }
  return false;
}

function fetchClient(
  host: HostConfig,
  options: { readonly proxy: string | undefined; readonly blobs: boolean },
): WireClient {
  const { proxy, blobs } = options;
  const caCerts = certificatesIn(host);
  const client = make(host, () =>
    Deno.createHttpClient({
      http1: true,
      http2: !blobs,
      ...(caCerts.length > 0 ? { caCerts } : {}),
      ...(host.clientCert && host.clientKey
        ? { cert: host.clientCert, key: host.clientKey }
        : {}),
      ...(proxy ? { proxy: proxyOption(proxy) } : {}),
    }));
  return {
    async send({ url, method, headers, body, signal }) {
      const response = await fetch(url, {
        client,
        method,
        headers,
        signal,
        redirect: "manual",
        body: toFetchBody(body),
      });
      if (response.body) fetched.add(response.body);
      return response;
    },
    [Symbol.asyncDispose]() {
      client.close();
      return Promise.resolve();
    },
  };
}

function make<Value>(host: HostConfig, create: () => Value): Value {
  try {
    return create();
  } catch (error) {
    throw new RegError(
      "config",
      `Cannot use the certificates of host ${JSON.stringify(host.name)}: ${
        messageOf(error)
      }`,
      { cause: error },
    );
  }
}

/** Each certificate by itself: Deno ignores silently what it cannot read. */
function certificatesIn(host: HostConfig): string[] {
  if (!host.regcert) return [];
  const found = host.regcert.match(
    /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g,
  );
  const checked = make(
    host,
    () => (found ?? []).map((pem) => new X509Certificate(pem)),
  );
  if (found && checked.length > 0) return found;
  throw new RegError(
    "config",
    `Cannot use "regcert" of host ${
      JSON.stringify(host.name)
    }: no PEM certificate in it`,
  );
}

function proxyOption(proxy: string): Deno.Proxy {
  const url = new URL(proxy);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  return {
    transport: url.protocol.startsWith("socks") ? "socks5" : "http",
    url: url.href,
    ...(username === "" ? {} : {
      basicAuth: {
        username: decodeURIComponent(username),
        password: decodeURIComponent(password),
      },
    }),
  };
}

/** Bodies that fetch made: it can send those on without showing them to JavaScript. */
const fetched = new WeakSet<ReadableStream<Uint8Array>>();

function toFetchBody(body: WireRequest["body"]): BodyInit | null {
  if (body === undefined) return null;
  if (body instanceof Uint8Array) return body.slice();
  return body.untouched && fetched.has(body.stream)
    ? body.stream
    : new SizedStream(body);
}

/**
 * A stream that fetch sends with `Content-Length`. A plain stream made in
 * JavaScript is always sent chunked, which several registries answer with 411;
 * of a `Blob`, fetch takes the size and the stream.
 */
class SizedStream extends Blob {
  readonly #body: WireStream;

  constructor(body: WireStream) {
    super();
    this.#body = body;
  }

  override get size(): number {
    return this.#body.size;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    // Only shared memory would be another buffer, and nothing here makes that.
    return this.#body.stream as ReadableStream<Uint8Array<ArrayBuffer>>;
  }
}
