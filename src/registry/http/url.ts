/**
 * The URL of a request on a host.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { RegistryRequest } from "../core.ts";
import type { HostConfig } from "./hosts.ts";

/** Where a host is, with its scheme, such as `https://ghcr.io`. */
export function originOf(host: HostConfig): string {
  const scheme = host.tls === "disabled" ? "http" : "https";
  return `${scheme}://${host.hostname ?? host.name}`;
}

/**
 * The URL that a request means on a host. The path prefix of the host goes
 * before a repository, never into the ping or the catalog of the registry itself.
 *
 * @throws {RegError} `config` where the host's address makes no URL, `reference`
 * where that is its name.
 */
export function urlOf(
  request: Pick<RegistryRequest, "path" | "repository">,
  host: HostConfig,
): URL {
  const { path, repository } = request;
  const origin = originOf(host);
  if (/^https?:\/\//i.test(path)) return absolute(path, origin);
  const prefix = host.pathPrefix?.replace(/^\/+|\/+$/g, "") ?? "";
  const parts = repository === undefined
    ? []
    : [...(prefix === "" ? [] : [prefix]), repository];
  const text = [origin, "v2", ...parts, path].join("/");
  if (!URL.canParse(text)) {
    // Set for the host, or given as its name, perhaps with a port above 65535.
    const isSet = host.hostname !== undefined && host.hostname !== host.name;
    throw new RegError(
      isSet ? "config" : "reference",
      `Cannot make a URL from host ${JSON.stringify(origin)}`,
    );
  }
  return new URL(text);
}

/**
 * An URL from the registry itself. A registry behind a proxy that ends TLS often
 * names itself with `http:`; the same host name is then meant, by https.
 */
function absolute(path: string, origin: string): URL {
  const url = new URL(path);
  const home = new URL(origin);
  if (
    home.protocol === "https:" && url.protocol === "http:" &&
    url.hostname === home.hostname && (url.port === "" || url.port === "443")
  ) {
    url.protocol = "https:";
    url.port = home.port;
  }
  return url;
}
