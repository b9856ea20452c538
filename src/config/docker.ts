/**
 * Logins and certificates that Docker, Podman and their kin keep.
 *
 * See {@link https://docs.docker.com/reference/cli/docker/login/},
 * {@link https://man.archlinux.org/man/containers-auth.json.5} and
 * {@link https://docs.docker.com/engine/security/certificates/}.
 *
 * @module
 */
import { messageOf, RegError } from "../base/errors.ts";
import { type Log, silent } from "../base/log.ts";
import type { CallOptions } from "../registry/core.ts";
import { listHelper } from "../registry/http/credential_helper.ts";
import { type HostConfig, hostFromName } from "../registry/http/hosts.ts";
import { type Environment, homeOf } from "./env.ts";
import { readJson } from "./json_reader.ts";

/** Options for {@linkcode dockerHosts}. */
export interface DockerHostsOptions extends CallOptions {
  /** Told about files that cannot be read. */
  readonly log?: Log | undefined;
  /** Variables for helpers, beside those of this process. */
  readonly helperEnv?: Readonly<Record<string, string>> | undefined;
  /** Asks a helper for its list. @default {listHelper} */
  readonly list?: typeof listHelper | undefined;
}

/**
 * The logins of `auth.json` (`REGISTRY_AUTH_FILE`, `$XDG_RUNTIME_DIR/containers`),
 * of Docker's `config.json` and of `DOCKER_AUTH_CONFIG`, the weakest first. Of
 * each: `auths`, then `credHelpers`, then what the helper of `credsStore` lists. A
 * file that is missing is no error; one that cannot be read is a warning.
 */
export async function dockerHosts(
  env: Environment,
  options: DockerHostsOptions = {},
): Promise<HostConfig[]> {
  const { log = silent } = options;
  const hosts: HostConfig[] = [];
  for (const { name, read } of sources(env)) {
    try {
      const text = await read();
      if (text === undefined) continue;
      hosts.push(...await hostsIn(await parse(text, name), options));
    } catch (error) {
      options.signal?.throwIfAborted();
      log.warn("Failed to load docker creds", {
        file: name,
        err: messageOf(error),
      });
    }
  }
  return hosts;
}

/**
 * The program that keeps the logins of all registries without a helper of their
 * own: what `credsStore` names, in the strongest file that has it.
 */
export async function dockerStore(
  env: Environment,
): Promise<string | undefined> {
  for (const { name, read } of sources(env).toReversed()) {
    try {
      const store = storeOf(await parse(await read() ?? "{}", name));
      if (store !== undefined) return store;
    } catch {
      // warned of by dockerHosts()
    }
  }
  return undefined;
}

function storeOf(config: Record<string, unknown>): string | undefined {
  const { credsStore: store } = config;
  return typeof store === "string" && store !== ""
    ? `docker-credential-${store}`
    : undefined;
}

interface CredentialSource {
  readonly name: string;
  readonly read: () => Promise<string | undefined>;
}

function sources(env: Environment): CredentialSource[] {
  const home = homeOf(env);
  const runtime = env("XDG_RUNTIME_DIR") ?? "";
  const folder = env("DOCKER_CONFIG") ||
    (home === undefined ? "" : `${home}/.docker`);
  const files = [
    env("REGISTRY_AUTH_FILE") ||
    (runtime === "" ? "" : `${runtime}/containers/auth.json`),
    folder === "" ? "" : `${folder}/config.json`,
  ].filter((path) => path !== "");
  const inline = env("DOCKER_AUTH_CONFIG") ?? "";
  return [
    ...files.map((name) => ({ name, read: () => readOptional(name) })),
    ...(inline === "" ? [] : [{
      name: "DOCKER_AUTH_CONFIG",
      read: () => Promise.resolve(inline),
    }]),
  ];
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function hostsIn(
  config: Record<string, unknown>,
  options: DockerHostsOptions,
): Promise<HostConfig[]> {
  const auths = table(config["auths"]);
  const helpers = table(config["credHelpers"]);
  const store = storeOf(config);
  const hosts: HostConfig[] = [];
  for (const [name, entry] of Object.entries(auths)) {
    const helper = helpers[name];
    const login = loginIn(table(entry));
    if (login === undefined && typeof helper !== "string") continue;
    hosts.push(...named(name, { ...login, ...helperOf(helper) }));
  }
  for (const [name, helper] of Object.entries(helpers)) {
    if (!Object.hasOwn(auths, name)) {
      hosts.push(...named(name, helperOf(helper)));
    }
  }
  if (store !== undefined) hosts.push(...await stored(store, options));
  return hosts;
}

/**
 * Parses a file.
 *
 * @throws {RegError} `config` with the place of what is wrong, and without the
 * text around it: it holds secrets.
 */
async function parse(
  text: string,
  file: string,
): Promise<Record<string, unknown>> {
  return table(await readJson(text, { file, read: ({ raw }) => raw }));
}

function table(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? { ...value }
    : {};
}

/** The login of an entry; undefined where it holds none that is complete. */
function loginIn(
  entry: Record<string, unknown>,
): Partial<HostConfig> | undefined {
  const text = (key: string) => {
    const value = entry[key];
    return typeof value === "string" ? value : "";
  };
  const pair = text("auth") === ""
    ? [text("username"), text("password")]
    : decodePair(text("auth"));
  const token = text("identitytoken");
  const [user = "", pass = ""] = pair ?? [];
  const isComplete = user !== "" && pass !== "";
  if (pair === undefined || (!isComplete && token === "")) return undefined;
  return {
    ...(isComplete ? { user, pass } : {}),
    ...(token === "" ? {} : { token }),
  };
}

/** `user:password` in base64; some tools pad the password with NULs. */
function decodePair(text: string): [string, string] | undefined {
  let plain: string;
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    plain = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const at = plain.indexOf(":");
  if (at < 0) return undefined;
  return [plain.slice(0, at), plain.slice(at + 1).replace(/^\0+|\0+$/g, "")];
}

function helperOf(helper: unknown): Partial<HostConfig> {
  return typeof helper === "string" && helper !== ""
    ? { credHelper: `docker-credential-${helper}` }
    : {};
}

/** An entry for a registry's name; none where the name has a path. */
function named(name: string, settings: Partial<HostConfig>): HostConfig[] {
  try {
    const { tls: _tls, ...host } = hostFromName(name);
    return [{ ...host, ...settings }];
  } catch {
    return []; // a login for one repository, or for something else than a registry
  }
}

async function stored(
  helper: string,
  options: DockerHostsOptions,
): Promise<HostConfig[]> {
  const { list = listHelper, helperEnv, log = silent, signal } = options;
  try {
    const users = await list(helper, { signal, env: helperEnv });
    return [...users].flatMap(([name, user]) =>
      // Helpers of several tools keep their tokens under names of their own.
      name.endsWith("/access-token") || name.endsWith("/refresh-token")
        ? []
        : named(name, {
          ...(user === "" || user === "<token>" ? {} : { user }),
          credHelper: helper,
        })
    );
  } catch (error) {
    signal?.throwIfAborted();
    log.debug("Failed to list credentials of helper", {
      helper,
      err: messageOf(error),
    });
    return [];
  }
}

/** Options for {@linkcode withDockerCerts}. */
export interface DockerCertsOptions {
  /** The folders, the strongest first. @default {Docker's and Podman's own} */
  readonly folders?: readonly string[] | undefined;
  /** Told about files that cannot be read. */
  readonly log?: Log | undefined;
}

/** Where Docker and Podman keep certificates. */
const FOLDERS = ["/etc/docker/certs.d", "/etc/containers/certs.d"];
/** More than this is no certificate, in bytes. */
const LARGEST = 1024 * 1024;

/**
 * A host with the certificates of `certs.d/HOSTNAME/`: `*.crt` are trusted in
 * addition, a `*.cert` with its `*.key` is the client's, where none is set.
 */
export async function withDockerCerts(
  host: HostConfig,
  options: DockerCertsOptions = {},
): Promise<HostConfig> {
  const { folders = FOLDERS, log = silent } = options;
  const { name, hostname = name } = host;
  // The name becomes a path: nothing that leads out of the folder.
  if (!/^[A-Za-z0-9.:[\]_-]+$/.test(hostname) || /^\.+$/.test(hostname)) {
    return host;
  }
  let found = host;
  for (const folder of folders) {
    const path = `${folder}/${hostname}`;
    try {
      found = await withFolder(found, path);
    } catch (error) {
      log.warn("failed to setup CA pool", { path, err: messageOf(error) });
    }
  }
  return found;
}

async function withFolder(
  host: HostConfig,
  path: string,
): Promise<HostConfig> {
  const names = await filesIn(path);
  const trusted: string[] = [];
  for (const name of names.filter((name) => name.endsWith(".crt"))) {
    const text = await readPem(`${path}/${name}`);
    if (!text.includes("-----BEGIN CERTIFICATE-----")) {
      throw new RegError(
        "config",
        `Cannot read ${JSON.stringify(`${path}/${name}`)}: no certificate`,
      );
    }
    trusted.push(text);
  }
  const client = host.clientCert ? undefined : await clientPair(path, names);
  const regcert = [...(host.regcert ? [host.regcert] : []), ...trusted]
    .join("\n");
  return { ...host, ...(regcert === "" ? {} : { regcert }), ...client };
}

async function clientPair(
  path: string,
  names: readonly string[],
): Promise<Pick<HostConfig, "clientCert" | "clientKey"> | undefined> {
  const certificate = names.find((name) =>
    name.endsWith(".cert") &&
    names.includes(name.replace(/\.cert$/, ".key"))
  );
  if (certificate === undefined) return undefined;
  const key = certificate.replace(/\.cert$/, ".key");
  return {
    clientCert: await readPem(`${path}/${certificate}`),
    clientKey: await readPem(`${path}/${key}`),
  };
}

async function filesIn(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(path)) names.push(entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return names.sort();
}

async function readPem(path: string): Promise<string> {
  const { size } = await Deno.stat(path);
  if (size > LARGEST) {
    throw new RegError(
      "config",
      `Cannot read ${JSON.stringify(path)}: too large`,
    );
  }
  return await Deno.readTextFile(path);
}
