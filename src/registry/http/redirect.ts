/**
 * Redirects, followed by hand: guarded, and without credentials for strangers.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { RegError } from "../../base/errors.ts";
import type { Layer, RegistryRequest } from "../core.ts";
import type { HostLookup } from "./hosts.ts";
import { isLocalAddress, parseAddress } from "./no_proxy.ts";
import { redactUrl } from "./response_error.ts";
import { discard } from "./responses.ts";
import { originOf, urlOf } from "./url.ts";

/** Options for {@linkcode redirect}. */
export interface RedirectOptions {
  /** Finds the settings of a host. */
  readonly hosts: HostLookup;
  /** Tells whether an URL goes through a proxy, which then resolves its name. */
  readonly isProxied?: ((url: URL) => boolean) | undefined;
  /** The addresses of a name. @default {the system's resolver} */
  readonly resolve?: ((name: string) => Promise<readonly string[]>) | undefined;
}

/** More hops than these are a loop. */
const HOPS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Follows redirects. Below this layer `path` is always the whole URL.
 *
 * A hop from https to http, or from a host elsewhere to this machine or its link,
 * is refused: also when the first URL comes from a `Location` or a token's realm.
 * `Authorization` goes to the origin it was made for and to no other.
 */
export function redirect(options: RedirectOptions): Layer {
  return (next) => async (request) => {
    const host = options.hosts.get(request.registry);
    const first = urlOf(request, host);
    await guard(new URL(originOf(host)), first, options);
    let current: RegistryRequest = { ...request, path: first.href };
    let url = first;
    for (let hop = 0;; hop++) {
      const response = await next(current);
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null) return response;
      await discard(response);
      if (hop === HOPS) throw refuse("too many redirects", url);
      if (!URL.canParse(location, url.href)) {
        throw refuse("invalid location", url);
      }
      const target = new URL(location, url);
      await guard(url, target, options);
      current = follow(current, response.status, { first, target });
      url = target;
    }
  };
}

function follow(
  request: RegistryRequest,
  status: number,
  urls: { readonly first: URL; readonly target: URL },
): RegistryRequest {
  const { first, target } = urls;
  const { body, headers = {}, ...rest } = request;
  const isHome = target.origin === first.origin;
  const kept = isHome ? headers : withoutSecrets(headers);
  const moved = { ...rest, headers: kept, path: target.href };
  if (status === 307 || status === 308) {
    // The form of a token request holds a refresh token.
    if (body && !isHome && request.kind === "token") {
      throw refuse("redirect of credentials to another host", target);
    }
    return body ? { ...moved, body } : moved;
  }
  return request.method === "GET" || request.method === "HEAD"
    ? moved
    : { ...moved, method: "GET" };
}

function withoutSecrets(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) =>
      !/^(authorization|cookie)$/i.test(name)
    ),
  );
}

async function guard(
  from: URL,
  to: URL,
  options: RedirectOptions,
): Promise<void> {
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw refuse("not an http address", to);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw refuse(
      "redirect from an https to non-https server is not allowed",
      to,
    );
  }
  if (to.hostname === from.hostname || options.isProxied?.(to)) return;
  if (await isLocal(to, options) && !(await isLocal(from, options))) {
    throw refuse("redirect to a local domain is not allowed", to);
  }
}

async function isLocal(url: URL, options: RedirectOptions): Promise<boolean> {
  const { resolve = systemAddresses } = options;
  const name = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  const literal = parseAddress(name);
  if (literal) return isLocalAddress(literal);
  const addresses = await resolve(name).catch((): string[] => []);
  return addresses.some((text) => {
    const address = parseAddress(text);
    return address !== undefined && isLocalAddress(address);
  });
}

async function systemAddresses(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map((entry) => entry.address);
}

function refuse(why: string, url: URL): RegError {
  return new RegError(
    "denied",
    `Cannot follow to ${JSON.stringify(redactUrl(url.href))}: ${why}`,
  );
}
