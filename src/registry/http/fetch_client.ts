/**
 * The usual way onto the wire: fetch, with the host's own roots, client
 * certificate and proxy.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { messageOf, RegError } from "../../base/errors.ts";
import type { HostConfig } from "./hosts.ts";
import type { WireClient, WireRequest, WireStream } from "./wire.ts";

/** Options for {@linkcode fetchClient}. */
export interface FetchClientOptions {
  /** The URL of a proxy. */
  readonly proxy: string | undefined;
  /** For blobs: HTTP/1.1, so that each has a connection of its own. */
  readonly blobs: boolean;
}

/**
 * Makes a client for one host.
 *
 * @throws {RegError} `config` where its certificates cannot be used.
 */
export function fetchClient(
  host: HostConfig,
  options: FetchClientOptions,
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
