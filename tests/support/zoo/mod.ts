/**
 * Registries as they are: the embedded registry, made to behave as a product's
 * documentation and its users' reports say.
 */
import { createHmac } from "node:crypto";
import { type Handler, MemoryStorage, serve } from "../../../src/serve/mod.ts";
import type { Animal } from "./animal.ts";

export { type Animal, ANIMALS } from "./animal.ts";

/** The login that every animal takes. */
export const LOGIN = { user: "robot", pass: "s3cret-of-the-robot" } as const;
/** The identity token that animals with OAuth take. */
export const IDENTITY = "identity-of-the-robot";

/** A running product. */
export interface ZooRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Every request as `METHOD path`, the storage's as `METHOD storage:path`. */
  readonly requests: string[];
  /** Every Authorization header that reached the storage. */
  readonly leaked: string[];
}

/** Starts a product on the loopback. */
export function startZoo(animal: Animal): ZooRegistry {
  const requests: string[] = [];
  const leaked: string[] = [];
  const storage = new MemoryStorage();
  let inner: Handler | undefined;
  const store = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => fromStorage(request),
  );
  const server = serve(storage, {
    stopMs: 500,
    wrap: (registry) => {
      inner = registry;
      return recorded(
        requests,
        authorized(animal, behaving(animal, storeUrl(), registry)),
      );
    },
  });

  function storeUrl(): string {
    return `http://127.0.0.1:${store.addr.port}`;
  }

  async function fromStorage(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    requests.push(`${request.method} storage:${pathname}`);
    const authorization = request.headers.get("authorization");
    if (authorization) leaked.push(authorization);
    if (authorization && animal.signedStorage) {
      // S3: "Only one auth mechanism allowed".
      return new Response("<Code>InvalidArgument</Code>", { status: 400 });
    }
    if (search !== "?X-Signature=1" || !inner) {
      return new Response(null, { status: 403 });
    }
    return await inner(new Request(`http://storage${pathname}`, request));
  }

  return {
    host: `127.0.0.1:${new URL(server.url).port}`,
    requests,
    leaked,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await store.shutdown();
    },
  };
}

function recorded(requests: string[], next: Handler): Handler {
  return (request) => {
    const { pathname, search } = new URL(request.url);
    requests.push(`${request.method} ${pathname}${search}`);
    return next(request);
  };
}

/** What a request needs: `repository:NAME:ACTION` or `registry:catalog:*`. */
function scopeOf(request: Request): string {
  const { pathname } = new URL(request.url);
  if (pathname === "/v2/_catalog") return "registry:catalog:*";
  const [, name] =
    /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(pathname) ?? [];
  if (!name) return "";
  const reads = request.method === "GET" || request.method === "HEAD";
  const action = request.method === "DELETE" ? "delete" : "push";
  return `repository:${name}:${reads ? "pull" : action}`;
}

function authorized(animal: Animal, next: Handler): Handler {
  const { auth } = animal;
  return async (request) => {
    const url = new URL(request.url);
    if (auth.realm && url.pathname === auth.realm) {
      return await issueToken(animal, request);
    }
    const header = request.headers.get("authorization") ?? "";
    const allowed = auth.scheme === "basic"
      ? header === basic()
      : isGranted(header, scopeOf(request));
    if (allowed) return await next(request);
    await request.body?.cancel();
    return challenge(animal, request);
  };
}

function basic(): string {
  return `Basic ${btoa(`${LOGIN.user}:${LOGIN.pass}`)}`;
}

function challenge(animal: Animal, request: Request): Response {
  const { origin } = new URL(request.url);
  const { scheme, realm = "/", service = "" } = animal.auth;
  const wanted = scopeOf(request).replace(/:(push|delete)$/, ":pull,$1");
  const value = scheme === "basic"
    ? `Basic realm="${origin}/",service="${service}"`
    : `Bearer realm="${origin}${realm}",service="${service}"` +
      (wanted && `,scope="${wanted}"`);
  return Response.json({
    errors: [{ code: "UNAUTHORIZED", message: "authentication required" }],
  }, { status: 401, headers: { "www-authenticate": value } });
}

async function issueToken(animal: Animal, request: Request): Promise<Response> {
  const { auth } = animal;
  const isPost = request.method === "POST";
  const given = isPost
    ? new URLSearchParams(await request.text())
    : new URL(request.url).searchParams;
  const isOwner = isPost
    ? auth.oauth === true && given.get("refresh_token") === IDENTITY
    : request.headers.get("authorization") === basic();
  if (isPost && !auth.oauth) return new Response(null, { status: 404 });
  const isAnonymous = !isPost && !request.headers.has("authorization");
  if (!isOwner && !(isAnonymous && auth.anonymousPull)) {
    return Response.json({ details: "incorrect login" }, { status: 401 });
  }
  if (given.get("service") !== auth.service) {
    return new Response("unknown service", { status: 400 });
  }
  const scopes = given.getAll("scope").flatMap((scope) => scope.split(" "))
    .flatMap((scope) => granted(animal, scope, isOwner));
  const token = sign(scopes);
  return Response.json({
    [auth.tokenKey ?? "token"]: token,
    expires_in: 300,
    issued_at: new Date().toISOString(),
  });
}

/** Each action of a scope alone, as far as it is granted. */
function granted(animal: Animal, scope: string, isOwner: boolean): string[] {
  const [kind = "", name = "", actions = ""] = scope.split(":");
  if (kind === "registry") {
    return isOwner && animal.catalog !== "denied" ? [scope] : [];
  }
  return actions.split(",")
    .filter((action) => isOwner || action === "pull")
    .map((action) => `${kind}:${name}:${action}`);
}

const KEY = "zoo";

function sign(scopes: readonly string[]): string {
  const text = btoa(JSON.stringify(scopes));
  return `${text}.${createHmac("sha256", KEY).update(text).digest("hex")}`;
}

function isGranted(header: string, scope: string): boolean {
  const [text = "", mark] = header.replace(/^Bearer /, "").split(".");
  if (mark !== createHmac("sha256", KEY).update(text).digest("hex")) {
    return false;
  }
  const scopes: unknown = JSON.parse(atob(text));
  return scope === "" || (Array.isArray(scopes) && scopes.includes(scope));
}

function behaving(animal: Animal, storage: string, next: Handler): Handler {
  const chunks = new Map<string, number>();
  return async (request) => {
    const refusal = refusalOf(animal, request) ??
      redirectOf(animal, storage, request);
    if (refusal) {
      await request.body?.cancel();
      return refusal;
    }
    const changed = changedRequest(animal, request, chunks);
    return await changedResponse(animal, request, await next(changed));
  };
}

function refusalOf(animal: Animal, request: Request): Response | undefined {
  const { method } = request;
  const url = new URL(request.url);
  const refuse = (status: number, code = "UNSUPPORTED") =>
    Response.json(
      { errors: [{ code, message: "The operation is unsupported." }] },
      { status },
    );
  const isUpload = url.pathname.includes("/blobs/uploads/");
  const isManifest = url.pathname.includes("/manifests/");
  if (animal.noReferrers && url.pathname.includes("/referrers/")) {
    return new Response("404 page not found", { status: 404 });
  }
  if (animal.noUploadStatus && isUpload && method === "GET") return refuse(404);
  if (method === "DELETE" && isManifest) {
    const isDigest = url.pathname.includes("sha256:");
    const status = isDigest ? animal.deleteManifest : animal.deleteTag;
    if (status !== undefined && status !== 202) return refuse(status);
  }
  const n = Number(url.searchParams.get("n") ?? "0");
  if (animal.refusesLargePages && n > (animal.page ?? Infinity)) {
    return refuse(400, "INVALID_PARAMETER");
  }
  return missingOf(animal, request, isUpload || isManifest);
}

function missingOf(
  animal: Animal,
  request: Request,
  isWrite: boolean,
): Response | undefined {
  const { existing, missing } = animal;
  if (!existing || !missing || !isWrite) return undefined;
  if (request.method !== "POST" && request.method !== "PUT") return undefined;
  const name = new URL(request.url).pathname.slice("/v2/".length);
  if (existing.some((part) => name.startsWith(`${part}/`))) return undefined;
  return new Response(missing.body, {
    status: missing.status,
    headers: { "content-type": "application/json" },
  });
}

function redirectOf(
  animal: Animal,
  storage: string,
  request: Request,
): Response | undefined {
  const { pathname } = new URL(request.url);
  const isBlob = /\/blobs\/[a-z0-9]+:/.test(pathname);
  if (!animal.redirect || !isBlob || request.method !== "GET") return undefined;
  return new Response(null, {
    status: animal.redirect,
    headers: { location: `${storage}${pathname}?X-Signature=1` },
  });
}

function changedRequest(
  animal: Animal,
  request: Request,
  chunks: Map<string, number>,
): Request {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  const { method } = request;
  if (animal.noMount) url.searchParams.delete("mount");
  const after = url.searchParams.get("next_page");
  if (after) {
    url.searchParams.delete("next_page");
    url.searchParams.set("last", atob(after));
  }
  if (animal.page !== undefined && url.pathname.endsWith("/tags/list")) {
    const n = Number(url.searchParams.get("n") ?? animal.page);
    url.searchParams.set("n", String(Math.min(n, animal.page)));
  }
  if (method !== "PATCH" || !animal.losesChunks) {
    return new Request(url, { method, headers, body: request.body });
  }
  const count = chunks.get(url.pathname) ?? 0;
  chunks.set(url.pathname, count + 1);
  if (count === 0) {
    return new Request(url, { method, headers, body: request.body });
  }
  // What comes after the first chunk is taken and thrown away.
  void request.body?.cancel();
  return new Request(url, { method: "GET", headers });
}

async function changedResponse(
  animal: Animal,
  request: Request,
  response: Response,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const headers = new Headers(response.headers);
  let { status } = response;
  const isPatch = request.method === "PATCH";
  if (isPatch && (status === 202 || status === 204)) {
    status = animal.patchStatus ?? 202;
  }
  if (animal.noReferrers) headers.delete("oci-subject");
  const location = headers.get("location");
  if (location && animal.relativeLocations) {
    const { pathname, search } = new URL(location, request.url);
    headers.set("location", pathname + search);
  }
  if (pathname.includes("/manifests/")) {
    for (const [name, value] of Object.entries(animal.manifestHeaders ?? {})) {
      headers.set(name, value);
    }
  }
  const link = headers.get("link");
  if (link && animal.nextPage === "next_page") {
    headers.set(
      "link",
      link.replace(
        /last=([^&>]*)/,
        (_, last) =>
          `next_page=${encodeURIComponent(btoa(decodeURIComponent(last)))}`,
      ),
    );
  }
  if (!animal.tagListExtras || !pathname.endsWith("/tags/list")) {
    return new Response(response.body, { status, headers });
  }
  headers.delete("content-length");
  const list: unknown = await response.json();
  const body = { ...Object(list), ...animal.tagListExtras };
  return new Response(JSON.stringify(body), { status, headers });
}
