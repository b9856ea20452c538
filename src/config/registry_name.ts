/**
 * The name of a registry as people type it for a login or for settings.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import {
  defaultHost,
  type HostConfig,
  isDockerHub,
} from "../registry/http/hosts.ts";

/**
 * Reads `HOST[:PORT]`, also with `http://` or `https://` before it and a slash
 * after it; the names of Docker Hub; nothing, which is Docker Hub.
 *
 * @returns The settings that follow from the name alone.
 * @throws {RegError} `usage` for a path or another scheme.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(hostFromName("http://registry.local:5000/").tls, "disabled");
 * ```
 */
export function hostFromName(text: string): HostConfig {
  if (text === "" || isDockerHub(text)) return defaultHost("docker.io");
  const [, scheme = "https", host = "", path = ""] =
    /^(?:([a-z]+):\/\/)?([^/]*)(?:\/(.*))?$/i.exec(text) ?? [];
  const isKnown = scheme === "http" || scheme === "https";
  if (!isKnown || host === "" || path !== "" || /[\s@\\]/.test(host)) {
    throw new RegError("usage", `invalid registry name provided: ${text}`);
  }
  if (isDockerHub(host)) return defaultHost("docker.io");
  return {
    name: host,
    hostname: host,
    ...(scheme === "http" ? { tls: "disabled" } : {}),
    ...(host === text ? {} : { credHost: text }),
  };
}

/** Whether nothing is set for a host but what follows from its name. */
export function isPlainHost(host: HostConfig): boolean {
  const { name, tls = "enabled", hostname, reqConcurrent = 3, ...rest } = host;
  const ordinary = defaultHost(name);
  return tls === "enabled" && reqConcurrent === 3 &&
    (hostname === undefined || hostname === name ||
      hostname === ordinary.hostname) &&
    Object.entries(rest).every(([key, value]) =>
      value === undefined || (key === "credHost" && value === ordinary.credHost)
    );
}
