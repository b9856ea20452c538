/**
 * regctl's configuration file: where it is, what it holds, how it is saved.
 *
 * @module
 */
import { formatDuration, parseDuration } from "../base/duration.ts";
import { messageOf, RegError } from "../base/errors.ts";
import {
  type HostConfig,
  isDockerHub,
  type Tls,
} from "../registry/http/hosts.ts";
import { type Environment, homeOf } from "./env.ts";
import { type JsonReader, readJson, WrongValue } from "./json_reader.ts";

/** The file's content. */
export interface RegctlConfig {
  /** Where it is, or would be. */
  readonly path: string;
  /** The version of its form; 0 and 1 are known. */
  readonly version: number;
  /** What is set for each registry, by name. */
  readonly hosts: ReadonlyMap<string, HostConfig>;
  /** What is set for all others. */
  readonly hostDefault?: Partial<HostConfig> | undefined;
  /** The largest chunk that a registry may ask for, in bytes; 0 is 1 GiB. */
  readonly blobLimit?: number | undefined;
  /** Whether Docker's certificates are read. @default {true} */
  readonly incDockerCert?: boolean | undefined;
  /** Whether Docker's logins are read. @default {true} */
  readonly incDockerCred?: boolean | undefined;
  /** Keys of other versions, kept as they are. */
  readonly unknown?: Readonly<Record<string, unknown>>;
  /** Those of registries, by the registry's name. */
  readonly unknownOfHosts?: ReadonlyMap<
    string,
    Readonly<Record<string, unknown>>
  >;
}

/** The newest version of the form. */
const NEWEST = 1;

/** Where the file is: the last place that applies wins. */
export async function regctlConfigPath(env: Environment): Promise<string> {
  const given = env("REGCTL_CONFIG") ?? "";
  if (given !== "") return given;
  const home = homeOf(env);
  const windows = Deno.build.os === "windows";
  const folder = env(windows ? "APPDATA" : "XDG_CONFIG_HOME") ||
    (home === undefined || windows ? "" : `${home}/.config`);
  const xdg = `${folder}/regctl/config.json`;
  const isThere = folder !== "" &&
    await Deno.stat(xdg).then(() => true, () => false);
  if (isThere || home === undefined) return xdg;
  return `${home}/.regctl/config.json`;
}

/**
 * Reads the file; an empty configuration where there is none.
 *
 * @throws {RegError} `config` with `file:line:column` of what is wrong.
 */
export async function loadRegctlConfig(
  env: Environment,
): Promise<RegctlConfig> {
  const path = await regctlConfigPath(env);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    // Without a home the path may lead through a file: `/regctl` in an image.
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return emptyConfig(path);
    throw new RegError("config", `Cannot read "${path}": ${messageOf(error)}`, {
      cause: error,
    });
  }
  return await parseRegctlConfig(text, path);
}

/** A configuration without content. */
export function emptyConfig(path: string): RegctlConfig {
  return { path, version: 0, hosts: new Map() };
}

/**
 * Parses the file's text. What follows the first JSON value is ignored, and
 * the letter case of keys, as upstream does.
 *
 * @throws {RegError} `config` with `file:line:column` of what is wrong.
 */
export async function parseRegctlConfig(
  text: string,
  path: string,
): Promise<RegctlConfig> {
  if (text.trim() === "") return emptyConfig(path);
  return await readJson(text, { file: path, read: (r) => readConfig(r, path) });
}

const KEYS = [
  "version",
  "hosts",
  "hostDefault",
  "blobLimit",
  "incDockerCert",
  "incDockerCred",
];

function readConfig(reader: JsonReader, path: string): RegctlConfig {
  const { of, unknown } = reader.fields(KEYS);
  const version = of("version").integer(0) ?? 0;
  if (version > NEWEST) {
    throw new WrongValue(
      ["version"],
      `unsupported config version ${version}, the newest known is ${NEWEST}`,
    );
  }
  const hosts = new Map<string, HostConfig>();
  const unknownOfHosts = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [key, host] of of("hosts").entries()) {
    const name = isDockerHub(key) ? "docker.io" : key;
    // Of several names of Docker Hub the proper one wins.
    if (hosts.has(name) && key !== name) continue;
    hosts.set(name, { ...readHost(host), name });
    unknownOfHosts.set(name, host.fields(HOST_KEYS).unknown);
  }
  const hostDefault = of("hostDefault");
  return {
    path,
    version,
    hosts,
    hostDefault: hostDefault.isAbsent ? undefined : readHost(hostDefault),
    blobLimit: of("blobLimit").integer(Number.MIN_SAFE_INTEGER),
    incDockerCert: of("incDockerCert").boolean(),
    incDockerCred: of("incDockerCred").boolean(),
    ...(Object.keys(unknown).length > 0 ? { unknown } : {}),
    unknownOfHosts,
  };
}

/** The keys of a host, in the order in which they are written. */
export const HOST_KEYS = [
  "tls",
  "regcert",
  "clientCert",
  "clientKey",
  "hostname",
  "user",
  "pass",
  "token",
  "credHelper",
  "credExpire",
  "credHost",
  "pathPrefix",
  "mirrors",
  "priority",
  "repoAuth",
  "apiOpts",
  "blobChunk",
  "blobMax",
  "reqPerSec",
  "reqConcurrent",
] as const;

const HOST_TEXTS = [
  "regcert",
  "clientCert",
  "clientKey",
  "hostname",
  "user",
  "pass",
  "token",
  "credHelper",
  "credHost",
  "pathPrefix",
] as const;

const HOST_INTEGERS = ["blobChunk", "blobMax", "reqConcurrent"] as const;

function readHost(reader: JsonReader): Partial<HostConfig> {
  const { of } = reader.fields(HOST_KEYS);
  const credExpire = readExpire(of("credExpire"));
  return withoutZeros({
    tls: readTls(of("tls")),
    ...Object.fromEntries(HOST_TEXTS.map((key) => [key, of(key).text()])),
    credExpireMs: credExpire === undefined ? undefined : credExpire / 1e6,
    mirrors: of("mirrors").list(),
    priority: of("priority").integer(0),
    repoAuth: of("repoAuth").boolean(),
    apiOpts: of("apiOpts").table(),
    reqPerSec: of("reqPerSec").number(),
    ...Object.fromEntries(HOST_INTEGERS.map((key) => [
      key,
      of(key).integer(Number.MIN_SAFE_INTEGER),
    ])),
  });
}

function readTls(reader: JsonReader): Tls | undefined {
  const text = reader.text() ?? "";
  if (text === "") return undefined;
  const tls = parseTls(text);
  if (tls === undefined) {
    throw new WrongValue(
      reader.path,
      `unknown TLS value ${JSON.stringify(text)}`,
    );
  }
  return tls;
}

/** Reads `enabled`, `insecure` or `disabled`, in any case. */
export function parseTls(text: string): Tls | undefined {
  const lower = text.toLowerCase();
  return lower === "enabled" || lower === "insecure" || lower === "disabled"
    ? lower
    : undefined;
}

function readExpire(reader: JsonReader): number | undefined {
  if (typeof reader.raw === "number") return reader.integer(0);
  const text = reader.text();
  if (text === undefined || text === "") return undefined;
  try {
    return Number(parseDuration(text));
  } catch (error) {
    throw new WrongValue(reader.path, messageOf(error));
  }
}

function isZero(value: unknown): boolean {
  return value === undefined || value === "" || value === 0 ||
    value === false || (typeof value === "object" && value !== null &&
      Object.keys(value).length === 0);
}

function withoutZeros(
  host: { readonly [Key in keyof HostConfig]?: HostConfig[Key] | undefined },
): Partial<HostConfig> {
  return Object.fromEntries(
    Object.entries(host).filter(([, value]) => !isZero(value)),
  );
}

/** A host in the form of the file: its keys in order, zero values left out. */
export function hostToJson(
  host: Partial<HostConfig>,
): Readonly<Record<string, unknown>> {
  const { credExpireMs = 0 } = host;
  const values: Readonly<Record<string, unknown>> = {
    ...host,
    credExpire: credExpireMs > 0
      ? formatDuration(BigInt(Math.round(credExpireMs * 1e6)))
      : undefined,
  };
  return Object.fromEntries(
    HOST_KEYS.map((key) => [key, values[key]] as const)
      .filter(([, value]) => !isZero(value)),
  );
}

/** The configuration in the form of the file. */
export function configToJson(
  config: RegctlConfig,
): Readonly<Record<string, unknown>> {
  const { version, hosts, hostDefault = {}, blobLimit = 0 } = config;
  const names = [...hosts.keys()].sort();
  const byDefault = hostToJson(hostDefault);
  return {
    ...(version > 0 ? { version } : {}),
    ...(names.length > 0
      ? {
        hosts: Object.fromEntries(
          names.map((name) => [name, {
            ...hostToJson(hosts.get(name) ?? {}),
            ...config.unknownOfHosts?.get(name),
          }]),
        ),
      }
      : {}),
    ...(isZero(byDefault) ? {} : { hostDefault: byDefault }),
    ...(blobLimit !== 0 ? { blobLimit } : {}),
    ...switchToJson("incDockerCert", config.incDockerCert),
    ...switchToJson("incDockerCred", config.incDockerCred),
    ...config.unknown,
  };
}

function switchToJson(
  key: string,
  value: boolean | undefined,
): Readonly<Record<string, boolean>> {
  return value === undefined ? {} : { [key]: value };
}

/**
 * Saves the configuration: all of it or nothing, readable by its owner alone
 * unless the file was already there with another mode.
 *
 * @throws {RegError} `file`.
 */
export async function saveRegctlConfig(config: RegctlConfig): Promise<void> {
  // A link to the file stays one.
  const path = await Deno.realPath(config.path).catch(() => config.path);
  const folder = path.replace(/[/\\][^/\\]*$/, "");
  const temporary = `${path}.${crypto.randomUUID()}`;
  const text = JSON.stringify(configToJson(config), null, 2)
    .replace(
      /[<>&\u2028\u2029]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  try {
    if (folder !== path) {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    }
    const there = await Deno.stat(path).catch(() => undefined);
    const mode = (there?.mode ?? 0o600) & 0o777;
    await Deno.writeTextFile(temporary, text, { createNew: true, mode });
    if (there?.uid && there.gid) {
      await Deno.chown(temporary, there.uid, there.gid).catch(() => {});
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new RegError("file", `Cannot save "${path}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The secrets of a host; each is left out where it is not to be shown. */
export const HOST_SECRETS = ["pass", "token", "clientKey"] as const;

/** A host without its secrets. */
export function withoutSecrets<H extends Partial<HostConfig>>(
  host: H,
): Omit<H, "pass" | "token" | "clientKey"> {
  const { pass: _, token: __, clientKey: ___, ...rest } = host;
  return rest;
}

/** The configuration without the secrets of any host, the default included. */
export function configWithoutSecrets(config: RegctlConfig): RegctlConfig {
  const { hostDefault } = config;
  return {
    ...config,
    hosts: new Map(
      [...config.hosts].map(([name, host]) => [
        name,
        { ...withoutSecrets(host), name },
      ]),
    ),
    hostDefault: hostDefault === undefined
      ? undefined
      : withoutSecrets(hostDefault),
    // What we do not know may be a secret, too.
    ...(config.unknown ? { unknown: {} } : {}),
    unknownOfHosts: new Map(),
  };
}
