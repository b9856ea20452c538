/**
 * A socket on which an HTTP server listens.
 *
 * @module
 */
import type { Handler } from "./app.ts";

/** A certificate and its key, both PEM. */
export interface ServerTls {
  /** The certificate, with its chain. */
  readonly cert: string;
  /** The private key. */
  readonly key: string;
}

/** Where to listen. */
export interface ListenOptions {
  /** The host. @default {"127.0.0.1"} */
  readonly hostname?: string | undefined;
  /** The port; 0 takes a free one. @default {0} */
  readonly port?: number | undefined;
  /** Speaks https with it. */
  readonly tls?: ServerTls | undefined;
  /** The most connections at a time; `Deno.serve` has no limit. @default {512} */
  readonly maxConnections?: number | undefined;
}

/**
 * The connections that a server takes at a time, where nobody says how many:
 * half of the files that a process may have open on most systems.
 */
export const DEFAULT_MAX_CONNECTIONS = 512;

/**
 * How long a connection may ask nothing, in milliseconds: longer than clients
 * keep one for the next request, so that none is gone when it is used.
 */
export const IDLE_CONNECTION_MS = 120_000;

/** How long a connection that is answered is left alone where there are too many, in milliseconds. */
export const BUSY_CONNECTION_MS = 600_000;

/** How long the last answers may take to be sent when a server stops, in milliseconds. */
export const STOP_MS = 250;

/** An HTTP server that listens. */
export interface Listener {
  /** Where, such as `127.0.0.1:5000`. */
  readonly address: string;
  /** Settles when it has ended. */
  readonly finished: Promise<void>;
  /** Takes no more connections, lets the last answers be sent, and ends. */
  shutdown(): Promise<void>;
  /** Ends at once. */
  kill(): Promise<void>;
}

/** Makes a server listen. */
export type Listen = (handle: Handler, options: ListenOptions) => Listener;

/** Writes a host and a port as one. */
export function formatAddress(hostname: string, port: number): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
