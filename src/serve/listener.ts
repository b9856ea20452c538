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
}

/** An HTTP server that listens. */
export interface Listener {
  /** Where, such as `127.0.0.1:5000`. */
  readonly address: string;
  /** Settles when it has ended. */
  readonly finished: Promise<void>;
  /** Takes no more connections, and ends when those that there are have ended. */
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
