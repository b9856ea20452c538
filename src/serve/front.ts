/**
 * What every request passes before the API: the health check, the question who
 * asks, and the access log.
 *
 * @module
 */
import { type Log, silent } from "../base/log.ts";
import type { Handler, Peer } from "./app.ts";
import type { Authenticate } from "./auth.ts";
import { drain } from "./receive.ts";

/** Options for {@linkcode front}. */
export interface FrontOptions {
  /** Looks at requests first. Everybody may do everything by default. */
  readonly authenticate?: Authenticate | undefined;
  /** Takes a line a request, at the level `info`. Silent by default. */
  readonly log?: Log | undefined;
}

/** Puts the front before the API. */
export function front(api: Handler, options: FrontOptions = {}): Handler {
  const { log = silent } = options;
  const { authenticate = everybody } = options;
  return async (request, peer) => {
    const { pathname } = new URL(request.url);
    // Those who look every second need no password and fill no log.
    if (pathname === "/healthz") return new Response("ok\n");
    const started = performance.now();
    const { user, answer } = await authenticate(request);
    if (answer) await drain(request.body);
    const response = answer ?? await api(request, peer);
    void record(log, { request, response, user, started, peer });
    return response;
  };
}

const everybody: Authenticate = () => Promise.resolve({ user: "" });

interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly user: string;
  readonly started: number;
  readonly peer: Peer | undefined;
}

/** Writes the line of a request when its answer is sent. */
async function record(log: Log, visit: Visit): Promise<void> {
  const { request, response, user, started, peer } = visit;
  const { method, headers, url } = request;
  const { pathname, search } = new URL(url);
  const whole = await (peer?.completed ?? Promise.resolve())
    .then(() => true, () => false);
  log.info("Request", {
    method,
    path: pathname + search,
    status: response.status,
    bytes: Number(response.headers.get("content-length") ?? 0),
    ms: Math.round(performance.now() - started),
    ...(peer ? { remote: peer.remote } : {}),
    ...(user === "" ? {} : { user }),
    agent: headers.get("user-agent") ?? "",
    ...(whole ? {} : { broken: true }),
  });
}
