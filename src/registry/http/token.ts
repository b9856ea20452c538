/**
 * Bearer tokens: asking for one, and reading the answer.
 *
 * See {@link https://distribution.github.io/distribution/spec/auth/token/} and
 * {@link https://distribution.github.io/distribution/spec/auth/oauth/}.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import type { CallOptions, RegistryRequest, Transport } from "../core.ts";
import type { Login } from "./credential_helper.ts";
import { isTransient } from "./retry.ts";
import { readError, redactUrl } from "./response_error.ts";
import { discard } from "./responses.ts";

/** Where and for what a token is asked. */
export interface TokenRequest extends CallOptions {
  /** The registry that wants the token. */
  readonly registry: string;
  /** The address of the token server. */
  readonly realm: URL;
  /** The name of the registry for the token server. */
  readonly service: string;
  /** What the token must be good for. */
  readonly scopes: readonly string[];
  /** Who asks. */
  readonly login: Login;
  /** A token from an earlier answer that gets new ones. */
  readonly refreshToken: string;
  /** Names this program. */
  readonly clientId: string;
}

/** A token and how long it holds. */
export interface Token {
  /** What goes into the header. */
  readonly text: string;
  /** When it ends, in milliseconds of the clock. */
  readonly expiresAt: number;
  /** Gets new tokens; empty where there was none. */
  readonly refreshToken: string;
}

/** The most that is read of an answer, in bytes. */
const ANSWER_LIMIT = 1024 * 1024;
/** The shortest time for which a token is kept: the specification's default. */
const SHORTEST_MS = 60_000;
/** A token that ends while its request is on the way is of no use. */
const EARLY_MS = 5_000;

/**
 * Gets a token: with a refresh or identity token by POST where there is one,
 * else, or where the server refuses that, by GET with user and password.
 *
 * @param send Sends the request, below the throttle.
 * @throws {RegError} `unauthorized` where the server gives none, `invalid` where
 * its answer is none.
 */
export async function fetchToken(
  request: TokenRequest,
  send: Transport,
): Promise<Token> {
  const refresh = request.refreshToken || request.login.token;
  if (refresh !== "") {
    const response = await send(postRequest(request, refresh));
    if (response.status === 200) return await readToken(response);
    await refuseTransient(response, "POST");
    await discard(response);
  }
  const response = await send(getRequest(request));
  if (response.status === 200) return await readToken(response);
  await refuseTransient(response, "GET");
  const error = await readError("GET", response);
  throw new RegError(
    "unauthorized",
    error.during(
      `Cannot get a token from ${JSON.stringify(redactUrl(response.url))}`,
    ).message,
    { cause: error },
  );
}

/** A token server that is busy says nothing about the login: that is tried again. */
async function refuseTransient(
  response: Response,
  method: string,
): Promise<void> {
  if (response.status !== 429 && response.status < 500) return;
  const error = await readError(method, response);
  if (isTransient(error)) throw error.during("Cannot get a token");
}

function postRequest(request: TokenRequest, refresh: string): RegistryRequest {
  const { registry, realm, service, scopes, clientId, signal } = request;
  const form = new URLSearchParams({
    client_id: clientId,
    grant_type: "refresh_token",
    refresh_token: refresh,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    ...(service === "" ? {} : { service }),
  });
  return {
    kind: "token",
    registry,
    method: "POST",
    path: realm.href,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    },
    body: new TextEncoder().encode(form.toString()),
    signal,
  };
}

function getRequest(request: TokenRequest): RegistryRequest {
  const { registry, service, scopes, login, clientId, signal } = request;
  const realm = new URL(request.realm);
  const hasPassword = login.user !== "" && login.pass !== "";
  if (hasPassword) realm.searchParams.set("account", login.user);
  realm.searchParams.set("client_id", clientId);
  for (const scope of scopes) realm.searchParams.append("scope", scope);
  if (service !== "") realm.searchParams.set("service", service);
  realm.searchParams.sort();
  return {
    kind: "token",
    registry,
    method: "GET",
    path: realm.href,
    ...(hasPassword ? { headers: { authorization: basicHeader(login) } } : {}),
    signal,
  };
}

/** The header of a basic login. */
export function basicHeader(login: Login): string {
  const bytes = new TextEncoder().encode(`${login.user}:${login.pass}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

async function readToken(response: Response): Promise<Token> {
  const fields = await readFields(response);
  const { access_token, token, expires_in, issued_at, refresh_token } = fields;
  const text = typeof access_token === "string" && access_token !== ""
    ? access_token
    : token;
  if (typeof text !== "string" || !/^[\x21-\x7e]+$/.test(text)) {
    throw unreadable(response, "no usable token");
  }
  const now = Date.now();
  const seconds = typeof expires_in === "number" ? expires_in : 0;
  const lifeMs = Math.max(seconds * 1000, SHORTEST_MS);
  const issued = typeof issued_at === "string" ? Date.parse(issued_at) : NaN;
  // A server whose clock differs: its times then say nothing.
  const start = issued <= now && issued + lifeMs > now ? issued : now;
  return {
    text,
    expiresAt: start + lifeMs - EARLY_MS,
    refreshToken: typeof refresh_token === "string" ? refresh_token : "",
  };
}

async function readFields(
  response: Response,
): Promise<Record<string, unknown>> {
  if (response.body === null) throw unreadable(response, "no body");
  const bytes = await collect(response.body, ANSWER_LIMIT);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (value !== null && typeof value === "object") return { ...value };
  } catch {
    // Said below, without the text: it may hold a secret.
  }
  throw unreadable(response, "no JSON object");
}

function unreadable(response: Response, why: string): RegError {
  return new RegError(
    "invalid",
    `Cannot read the token from ${
      JSON.stringify(redactUrl(response.url))
    }: ${why}`,
  );
}
