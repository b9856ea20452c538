/**
 * The bottom of the stack: one request on the wire, under a limit on silence, and
 * what it fails with.
 *
 * @module
 */
import { isRegError, messageOf, RegError } from "../../base/errors.ts";
import type { RegistryRequest, Transport } from "../core.ts";
import { Clients, type ClientsOptions } from "./clients.ts";
import { deadline } from "./deadline.ts";
import type { HostLookup } from "./hosts.ts";
import { NetworkError } from "./network_error.ts";
import { openBody } from "./request_body.ts";
import { withUrl } from "./responses.ts";
import { urlOf } from "./url.ts";

/** Options for {@linkcode createSend}. */
export interface SendOptions extends ClientsOptions {
  /** Finds the settings of a host. */
  readonly hosts: HostLookup;
  /** The `User-Agent` of every request. */
  readonly userAgent: string;
  /** How long a server may be silent before its answer, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
}

/** The bottom of a stack, with the connections that it holds. */
export interface Send extends AsyncDisposable {
  /** Sends one request; any status is an answer, redirects are not followed. */
  readonly transport: Transport;
}

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
