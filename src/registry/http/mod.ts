/**
 * The transport stack: what stands between a store and the wire.
 *
 * @module
 */
import { type Log, silent } from "../../base/log.ts";
import { stack, type Transport } from "../core.ts";
import { auth } from "./auth.ts";
import { buffer } from "./buffer.ts";
import { errors } from "./errors.ts";
import { Health } from "./health.ts";
import type { HostConfig, HostLookup } from "./hosts.ts";
import { mirror, mirrorsOf } from "./mirror.ts";
import { proxyFor, type ProxySettings } from "./no_proxy.ts";
import { patience } from "./patience.ts";
import type { Policy } from "./policy.ts";
import { redirect } from "./redirect.ts";
import { resume } from "./resume.ts";
import { retry } from "./retry.ts";
import { createSend } from "./send.ts";
import { Throttle } from "./throttle.ts";
import { trace } from "./trace.ts";

/** Options for {@linkcode createStack}. */
export interface StackOptions {
  /** Finds the settings of a host. */
  readonly hosts: HostLookup;
  /** The `User-Agent`, which is also the client id for token servers. */
  readonly userAgent: string;
  /** Takes the trace, and warnings of registries. */
  readonly log?: Log | undefined;
  /** How often to try again after the first attempt. @default {5} */
  readonly retries?: number | undefined;
  /** The wait before the second attempt, in milliseconds. @default {200} */
  readonly firstWaitMs?: number | undefined;
  /** How long a server may be silent, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** The proxies; none where left out. */
  readonly proxy?: ProxySettings | undefined;
  /** Completes the settings of a host with what lies on disk, once a host. */
  readonly certificates?:
    | ((host: HostConfig) => Promise<HostConfig>)
    | undefined;
  /** Variables for credential helpers, beside those of this process. */
  readonly helperEnv?: Readonly<Record<string, string>> | undefined;
  /** How many requests at once, for hosts without `reqConcurrent`. */
  readonly policy?: (() => Policy) | undefined;
}

/** A transport, and what stores need to know beside it. */
export interface Stack extends AsyncDisposable {
  /** Sends a request through all layers. */
  readonly transport: Transport;
  /** Limits what goes to each host; stores lease slots of two hosts together. */
  readonly throttle: Throttle;
  /** What is known about each host. */
  readonly health: Health;
  /** The hosts that may answer a read of a registry. */
  sourcesOf(registry: string): readonly HostConfig[];
}

/** Makes the default stack, one line a layer, the outermost first. */
export function createStack(options: StackOptions): Stack {
  const { hosts, log = silent, proxy = {} } = options;
  const health = new Health();
  const throttle = new Throttle({ hosts, health, policy: options.policy });
  const send = createSend(options);
  const transport = stack(
    send.transport,
    resume(options),
    retry(options),
    mirror({ hosts, health }),
    buffer(),
    throttle.layer(),
    errors(),
    auth({
      hosts,
      log,
      clientId: options.userAgent,
      helperEnv: options.helperEnv,
    }),
    patience(options),
    redirect({ hosts, isProxied: (url) => proxyFor(url, proxy) !== undefined }),
    trace(log),
  );
  return {
    transport,
    throttle,
    health,
    sourcesOf: (registry) => mirrorsOf(hosts.get(registry), { hosts, health }),
    [Symbol.asyncDispose]: () => send[Symbol.asyncDispose](),
  };
}
