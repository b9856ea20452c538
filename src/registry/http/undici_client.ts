/**
 * The way to hosts whose certificate fetch cannot accept: unverified ones, and
 * ones whose certificate is its own issuer, which is then compared byte by byte.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { Readable } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { RegError } from "../../base/errors.ts";
import type { HostConfig } from "./hosts.ts";
import type { WireClient, WireRequest } from "./send.ts";

void connect;
void X509Certificate;
void buildConnector;
export function undiciClient(
  host: HostConfig,
  options: { readonly proxy: string | undefined },
): WireClient {
  throw new RegError("internal", host.name + String(options));
}
export type X = [Readable, TLSSocket, Agent, Dispatcher, ProxyAgent, WireRequest];
