/**
 * The embedded registry for tests, with switches for what registries do wrong.
 * The faults are layers around the registry: it knows nothing of them.
 */
import {
  type Handler,
  MemoryStorage,
  type RegistryServer,
  serve,
  type ServeOptions,
  type Storage,
} from "../../src/serve/mod.ts";

/** One request that reached the registry, and what was answered. */
export interface SeenRequest {
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly headers: Headers;
  /** The status; 0 while it is not answered or when the connection was cut. */
  status: number;
}

/** What goes wrong, and for which requests. The first fault that matches is used. */
export interface Fault {
  /** The method; any where left out. */
  readonly method?: string;
  /** A pattern of the path with its query; any where left out. */
  readonly path?: RegExp;
  /** How many requests it hits. @default {Infinity} */
  readonly times?: number;
  /** How many matching requests pass before it hits. @default {0} */
  readonly after?: number;
  /** Answers this instead of asking the registry. */
  readonly status?: number;
  /** Headers of that answer, or further headers of the registry's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body of that answer. */
  readonly body?: string;
  /** Waits for it before the registry is asked: a delay without a clock. */
  readonly wait?: () => Promise<unknown>;
  /** Breaks the connection after so many bytes of the answer's body. */
  readonly cutAfter?: number;
  /** Breaks the connection after so many bytes of the request's body reached the registry. */
  readonly cutRequestAfter?: number;
  /** Changes the first byte of the answer's body. */
  readonly corrupt?: boolean;
  /** Changes the digest in the answer's headers. */
  readonly wrongDigest?: boolean;
}

/** What a registry can lack. All is there where left out. */
export interface Features {
  /** `false`: 404 for the referrers API, and no `OCI-Subject`. */
  readonly referrers?: boolean;
  /** `false`: a mount begins an upload. */
  readonly mount?: boolean;
  /** `false`: 405 for HEAD. */
  readonly head?: boolean;
  /** `false`: 411 for bodies without a length. */
  readonly chunkedTransfer?: boolean;
  /** `false`: 405 for deleting a tag. */
  readonly tagDelete?: boolean;
  /** `false`: 405 for every delete. */
  readonly deletes?: boolean;
  /** `false`: ranges are ignored, the whole blob comes. */
  readonly ranges?: boolean;
  /** `false`: no `Docker-Content-Digest`. */
  readonly digestHeader?: boolean;
}

/** Bearer tokens that wear out. */
export interface TokenAuth {
  /** How many requests a token is good for. @default {Infinity} */
  readonly uses?: number;
  /** Who may have one; everybody where left out. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** Options for {@linkcode startRegistry}. */
export interface StartRegistryOptions extends Omit<ServeOptions, "wrap"> {
  /** Where the content is. A new memory by default. */
  readonly storage?: Storage;
  /** What goes wrong; more can be pushed while it runs. */
  readonly faults?: readonly Fault[];
  /** What is lacking. */
  readonly features?: Features;
  /** Asks for tokens. */
  readonly token?: TokenAuth;
}

/** A running registry. */
export interface TestRegistry extends RegistryServer {
  /** Every request so far, in order of arrival. */
  readonly requests: SeenRequest[];
  /** What goes wrong from now on. */
  readonly faults: Fault[];
  /** Where the content is. */
  readonly storage: Storage;
  /** How many tokens were given out. */
  readonly tokens: { readonly issued: number };
  /** The requests so far as `METHOD path`, and forgets them. */
  take(): string[];
}

/** Starts a registry on a free port of the loopback. */
export function startRegistry(
  options: StartRegistryOptions = {},
): TestRegistry {
  const { storage = new MemoryStorage(), features = {}, token } = options;
  const faults = [...options.faults ?? []];
  const requests: SeenRequest[] = [];
  const tokens = { issued: 0 };
  const server = serve(storage, {
    stopMs: 1000,
    ...options,
    wrap: (registry) =>
      seen(
        requests,
        faulty(faults, guarded(token, tokens, lacking(features, registry))),
      ),
  });
  return {
    ...server,
    storage,
    faults,
    requests,
    tokens,
    take: () =>
      requests.splice(0).map(({ method, path }) => `${method} ${path}`),
  };
}

function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

function seen(requests: SeenRequest[], next: Handler): Handler {
  return async (request) => {
    const { method, headers } = request;
    const entry = { method, path: pathOf(request), headers, status: 0 };
    requests.push(entry);
    const response = await next(request);
    entry.status = response.status;
    return response;
  };
}

function faulty(faults: readonly Fault[], next: Handler): Handler {
  const hits = new Map<Fault, number>();
  const due = (request: Request) =>
    faults.find((fault) => {
      if (fault.method && fault.method !== request.method) return false;
      if (fault.path && !fault.path.test(pathOf(request))) return false;
      const count = hits.get(fault) ?? 0;
      hits.set(fault, count + 1);
      const { after = 0, times = Infinity } = fault;
      return count >= after && count < after + times;
    });
  return async (request) => {
    const fault = due(request);
    return fault ? await strike(fault, request, next) : await next(request);
  };
}

async function strike(
  fault: Fault,
  request: Request,
  next: Handler,
): Promise<Response> {
  await fault.wait?.();
  const { status, headers = {}, body = null } = fault;
  if (status !== undefined) {
    await request.body?.cancel();
    return new Response(body, { status, headers });
  }
  const response = await next(cutRequest(fault, request));
  const changed = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) changed.set(name, value);
  if (fault.wrongDigest) {
    changed.set("docker-content-digest", `sha256:${"0".repeat(64)}`);
  }
  return new Response(spoiled(fault, response), {
    status: response.status,
    headers: changed,
  });
}

function cutRequest(fault: Fault, request: Request): Request {
  const { cutRequestAfter: limit } = fault;
  if (limit === undefined || !request.body) return request;
  return new Request(request, { body: cut(request.body, limit) });
}

function spoiled(
  fault: Fault,
  { body, headers }: Response,
): Bytes | null {
  if (!body) return body;
  const bytes = fault.corrupt ? corrupted(body) : body;
  if (fault.cutAfter === undefined) return bytes;
  // Fewer bytes than the header says break the connection, and print nothing.
  const how = headers.has("content-length") ? "end" : "error";
  return cut(bytes, fault.cutAfter, how);
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Passes `limit` bytes on and then breaks or ends. */
function cut(
  body: Bytes,
  limit: number,
  how: "error" | "end" = "error",
): Bytes {
  let left = limit;
  return body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        if (left > 0) controller.enqueue(chunk.slice(0, left));
        left -= chunk.length;
        if (left >= 0) return;
        if (how === "end") controller.terminate();
        else controller.error(new Error("cut by the test"));
      },
    }),
  );
}

function corrupted(body: Bytes): Bytes {
  let isFirst = true;
  return body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        const bytes = chunk.slice();
        if (isFirst && bytes.length > 0) bytes[0] = (bytes[0] ?? 0) ^ 1;
        isFirst = false;
        controller.enqueue(bytes);
      },
    }),
  );
}

function lacking(features: Features, next: Handler): Handler {
  return async (request) => {
    const refusal = refusalOf(features, request);
    if (refusal) {
      await request.body?.cancel();
      return refusal;
    }
    const response = await next(reduced(features, request));
    if (features.referrers !== false && features.digestHeader !== false) {
      return response;
    }
    const headers = new Headers(response.headers);
    if (features.referrers === false) headers.delete("oci-subject");
    if (features.digestHeader === false) {
      headers.delete("docker-content-digest");
    }
    return new Response(response.body, { status: response.status, headers });
  };
}

function refusalOf(features: Features, request: Request): Response | undefined {
  const { method, headers } = request;
  const { pathname } = new URL(request.url);
  const refuse = (status: number) => new Response(null, { status });
  const isDelete = method === "DELETE" && !pathname.includes("/uploads/");
  if (features.head === false && method === "HEAD") return refuse(405);
  if (features.referrers === false && pathname.includes("/referrers/")) {
    return refuse(404);
  }
  if (features.deletes === false && isDelete) return refuse(405);
  if (
    features.tagDelete === false && isDelete &&
    /\/manifests\/[^:]+$/.test(decodeURIComponent(pathname))
  ) return refuse(405);
  if (
    features.chunkedTransfer === false && headers.has("transfer-encoding")
  ) return refuse(411);
  return undefined;
}

function reduced(features: Features, request: Request): Request {
  if (features.mount !== false && features.ranges !== false) return request;
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  if (features.mount === false) {
    url.searchParams.delete("mount");
    url.searchParams.delete("from");
  }
  if (features.ranges === false) headers.delete("range");
  const { method, body } = request;
  return new Request(url, { method, headers, body });
}

function guarded(
  auth: TokenAuth | undefined,
  tokens: { issued: number },
  next: Handler,
): Handler {
  if (!auth) return next;
  const left = new Map<string, number>();
  const issue = (request: Request) => {
    if (!mayHave(auth, request)) return new Response(null, { status: 401 });
    const token = `token-${++tokens.issued}`;
    left.set(`Bearer ${token}`, auth.uses ?? Infinity);
    return Response.json({ token, expires_in: 300 });
  };
  return async (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/token") return issue(request);
    const token = request.headers.get("authorization") ?? "";
    const uses = left.get(token) ?? 0;
    if (uses > 0) {
      left.set(token, uses - 1);
      return await next(request);
    }
    await request.body?.cancel();
    return new Response(null, {
      status: 401,
      headers: {
        "www-authenticate": `Bearer realm="${url.origin}/token",` +
          `service="test",scope="${scopeOf(url, request.method)}"`,
      },
    });
  };
}

function mayHave({ credentials }: TokenAuth, request: Request): boolean {
  if (!credentials) return true;
  const { user, password } = credentials;
  const basic = `Basic ${btoa(`${user}:${password}`)}`;
  return request.headers.get("authorization") === basic;
}

function scopeOf(url: URL, method: string): string {
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//
    .exec(url.pathname)?.[1];
  if (!name) return "";
  const reads = method === "GET" || method === "HEAD";
  return `repository:${name}:${reads ? "pull" : "pull,push"}`;
}
