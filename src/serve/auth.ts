/**
 * Who may do what: everything with a password; without one nothing, or pulls.
 *
 * @module
 */
import { isRegError } from "../base/errors.ts";
import { ApiError } from "./api_error.ts";
import type { Passwords } from "./htpasswd.ts";
import { TOKEN_SECONDS, Tokens } from "./tokens.ts";

/** What came of looking at a request. */
export interface Verdict {
  /** Who asks; empty for everybody. */
  readonly user: string;
  /** The answer, where the registry shall not be asked. */
  readonly answer?: Response | undefined;
}

/** Looks at a request before the registry does. */
export type Authenticate = (request: Request) => Promise<Verdict>;

/** Options for {@linkcode authenticator}. */
export interface AuthOptions {
  /** Lets everybody pull. @default {false} */
  readonly anonymousPull?: boolean | undefined;
}

/** Where tokens are. */
const TOKEN_PATH = "/token";

/**
 * Asks for passwords: in each request, or, where everybody may pull, for a
 * token. A registry that asks for a password cannot tell Docker's client that
 * none is needed to pull; one that gives tokens to everybody can.
 *
 * See {@link https://distribution.github.io/distribution/spec/auth/token/}.
 */
export function authenticator(
  passwords: Passwords,
  options: AuthOptions = {},
): Authenticate {
  const { anonymousPull = false } = options;
  const tokens = new Tokens();
  const basic = async (header: string): Promise<string | undefined> => {
    const { user, password } = credentialsOf(header);
    return user !== "" && await passwords.check(user, password)
      ? user
      : undefined;
  };
  const identify = async (request: Request): Promise<string | undefined> => {
    const header = request.headers.get("authorization") ?? "";
    const [scheme = "", value = ""] = header.split(/\s+/);
    switch (scheme.toLowerCase()) {
      case "basic":
        return await basic(value);
      case "bearer":
        return tokens.check(value);
      default:
        return undefined;
    }
  };
  const giveToken = async (request: Request): Promise<Response> => {
    if (request.method !== "GET") throw new ApiError("UNSUPPORTED", "Use GET");
    const header = request.headers.get("authorization");
    const user = header === null ? "" : await identify(request);
    if (user === undefined) throw unauthorized(BASIC);
    const token = tokens.issue(user);
    const issued_at = new Date().toISOString();
    return Response.json(
      { token, access_token: token, expires_in: TOKEN_SECONDS, issued_at },
      { headers: { "cache-control": "no-store" } },
    );
  };
  const judge = async (request: Request): Promise<Verdict> => {
    const url = new URL(request.url);
    if (anonymousPull && url.pathname === TOKEN_PATH) {
      return { user: "", answer: await giveToken(request) };
    }
    const user = await identify(request);
    if (user) return { user };
    if (user === "" && anonymousPull && isPull(request, url)) return { user };
    const noHeader = !request.headers.has("authorization");
    if (anonymousPull && noHeader && isPull(request, url) && !isPing(url)) {
      return { user: "" };
    }
    throw unauthorized(
      anonymousPull
        ? `Bearer realm="${url.origin}${TOKEN_PATH}",service="${url.host}"${
          scopeOf(request, url)
        }`
        : BASIC,
    );
  };
  return async (request) => {
    try {
      return await judge(request);
    } catch (error) {
      return { user: "", answer: answerOf(error) };
    }
  };
}

const BASIC = 'Basic realm="regkit", charset="UTF-8"';

function unauthorized(challenge: string): ApiError {
  return new ApiError("UNAUTHORIZED", "Authentication is required", {
    headers: { "www-authenticate": challenge },
  });
}

function answerOf(error: unknown): Response {
  if (error instanceof ApiError) return error.toResponse();
  if (!isRegError(error, "rate_limited")) throw error;
  return new ApiError("TOOMANYREQUESTS", "Too many attempts", {
    headers: { "retry-after": "1" },
  }).toResponse();
}

/** Clients ask `/v2/` to learn how to authenticate: it is never open. */
function isPing(url: URL): boolean {
  return /^\/v2\/?$/.test(url.pathname);
}

function isPull(request: Request, url: URL): boolean {
  // The state of an upload is for those who may push.
  return (request.method === "GET" || request.method === "HEAD") &&
    !/\/blobs\/uploads\/[^/]*$/.test(url.pathname);
}

function scopeOf(request: Request, url: URL): string {
  const name = /^\/v2\/([a-z0-9._/-]+)\/(?:manifests|blobs|tags|referrers)\//
    .exec(url.pathname)?.[1];
  if (name !== undefined) {
    const actions = isPull(request, url) ? "pull" : "pull,push";
    return `,scope="repository:${name}:${actions}"`;
  }
  return url.pathname === "/v2/_catalog" ? ',scope="registry:catalog:*"' : "";
}

function credentialsOf(
  base64: string,
): { readonly user: string; readonly password: string } {
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(base64));
    const colon = text.indexOf(":");
    if (colon > 0) {
      return { user: text.slice(0, colon), password: text.slice(colon + 1) };
    }
  } catch {
    // No base64: nobody.
  }
  return { user: "", password: "" };
}
