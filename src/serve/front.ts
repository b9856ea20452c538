/**
 * What every request passes before the API: the health check, the question who
 * asks, and the access log.
 *
 * @module
 */
import { type Log, silent } from "../base/log.ts";
import { ApiError } from "./api_error.ts";
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
    const visit = visitOf(request, peer);
    if (visit === undefined) return badRequest();
    // Those who look every second need no password and fill no log.
    if (visit.path === "/healthz") return new Response("ok\n");
    const { user, answer } = await authenticate(request);
    if (answer) await drain(request.body);
    const response = answer ?? await api(request, peer);
    void record(log, visit, { user, response });
    return response;
  };
}

const everybody: Authenticate = () => Promise.resolve({ user: "" });

/** What the line of a request tells: read at once, for a request that is over cannot be read. */
interface Visit {
  readonly method: string;
  readonly path: string;
  readonly agent: string;
  readonly started: number;
  readonly peer: Peer | undefined;
}

/** `undefined` for a request whose `Host` is none. */
function visitOf(request: Request, peer: Peer | undefined): Visit | undefined {
  const url = URL.parse(request.url);
  if (url === null) return undefined;
  const { pathname, search } = url;
  return {
    method: request.method,
    path: pathname + search,
    agent: request.headers.get("user-agent") ?? "",
    started: performance.now(),
    peer,
  };
}

function badRequest(): Response {
  const message = "The host of the request is invalid";
  return new ApiError("UNSUPPORTED", message, { status: 400 }).toResponse();
}

/** Writes the line of a request when its answer is sent. */
async function record(
  log: Log,
  visit: Visit,
  outcome: { readonly user: string; readonly response: Response },
): Promise<void> {
  const { method, path, agent, started, peer } = visit;
  const { user, response } = outcome;
  await peer?.completed;
  log.info("Request", {
    method,
    path,
    status: response.status,
    bytes: Number(response.headers.get("content-length") ?? 0),
    ms: Math.round(performance.now() - started),
    ...(peer ? { remote: peer.remote } : {}),
    ...(user === "" ? {} : { user }),
    agent,
  });
}
