/**
 * regctl's configuration as templates see it.
 *
 * @module
 */
import {
  BOOL,
  bytesValue,
  DURATION,
  ERROR,
  type Field,
  FLOAT64,
  functionOf,
  INT,
  INT64,
  mapOf,
  type Method,
  namedType,
  pointerTo,
  STRING,
  structType,
  type Type,
  UINT64,
  type Value,
  wrap,
} from "../template/mod.ts";
import type { HostConfig } from "../registry/http/hosts.ts";
import { BYTES, readKey, TEXTS } from "./declare.ts";

const TLS_WORDS = ["", "enabled", "insecure", "disabled"];

const tlsText: Pick<Method, "type" | "call"> = {
  type: functionOf([], [BYTES, ERROR]),
  call: ({ int }) => bytesValue(TLS_WORDS[Number(int)] ?? ""),
};

/** `config.TLSConf`: a number that JSON shows as a word. */
export const TLS: Type = namedType("config.TLSConf", INT, {
  methods: () => [
    { ...tlsText, name: "MarshalText" },
    {
      ...tlsText,
      name: "MarshalJSON",
      call: ({ int }) => bytesValue(`"${TLS_WORDS[Number(int)] ?? ""}"`),
    },
  ],
});

const EXPIRE: Type = namedType("timejson.Duration", DURATION, {
  methods: () => [...DURATION.methods.values()],
});

/** A field that is read from a key of {@linkcode HostConfig}, left out of JSON where it is empty. */
function hostField(name: string, type: Type, key: string): Field {
  return {
    name,
    type,
    json: `${key},omitempty`,
    get: (host) => readKey(host, key),
  };
}

/** `config.Host`; its data is a {@linkcode HostConfig}. */
export const HOST: Type = structType("config.Host", {
  fields: () => [
    { ...hostField("Name", STRING, "name"), json: "-" },
    {
      ...hostField("TLS", TLS, "tls"),
      get: (host) =>
        Math.max(TLS_WORDS.indexOf(String(readKey(host, "tls") ?? "")), 0),
    },
    hostField("RegCert", STRING, "regcert"),
    hostField("ClientCert", STRING, "clientCert"),
    hostField("ClientKey", STRING, "clientKey"),
    hostField("Hostname", STRING, "hostname"),
    hostField("User", STRING, "user"),
    hostField("Pass", STRING, "pass"),
    hostField("Token", STRING, "token"),
    hostField("CredHelper", STRING, "credHelper"),
    {
      ...hostField("CredExpire", EXPIRE, "credExpire"),
      get: (host) => {
        const ms = readKey(host, "credExpireMs");
        return typeof ms === "number" ? BigInt(Math.round(ms)) * 1_000_000n : 0;
      },
    },
    hostField("CredHost", STRING, "credHost"),
    hostField("PathPrefix", STRING, "pathPrefix"),
    hostField("Mirrors", TEXTS, "mirrors"),
    hostField("Priority", UINT64, "priority"),
    hostField("RepoAuth", BOOL, "repoAuth"),
    hostField("API", STRING, "api"),
    hostField("APIOpts", mapOf(STRING, STRING), "apiOpts"),
    hostField("BlobChunk", INT64, "blobChunk"),
    hostField("BlobMax", INT64, "blobMax"),
    hostField("ReqPerSec", FLOAT64, "reqPerSec"),
    hostField("ReqConcurrent", INT64, "reqConcurrent"),
    hostField("Scheme", STRING, "scheme"),
  ],
});

/** The configuration, as far as it is shown. */
export interface ConfigSource {
  /** The file. */
  readonly path: string;
  /** The version of its form. */
  readonly version: number;
  /** What is set for each registry, by name. */
  readonly hosts: ReadonlyMap<string, HostConfig>;
  /** What is set for all others. */
  readonly hostDefault?: Partial<HostConfig> | undefined;
  /** The largest chunk that a registry may ask for, in bytes. */
  readonly blobLimit?: number | undefined;
  /** Whether Docker's certificates are read. */
  readonly incDockerCert?: boolean | undefined;
  /** Whether Docker's logins are read. */
  readonly incDockerCred?: boolean | undefined;
}

/** `main.Config`; its data is a {@linkcode ConfigSource}. */
export const CONFIG: Type = structType("main.Config", {
  fields: () => [
    { ...hostField("Filename", STRING, "path"), json: "-" },
    hostField("Version", INT, "version"),
    hostField("Hosts", mapOf(STRING, pointerTo(HOST)), "hosts"),
    hostField("HostDefault", pointerTo(HOST), "hostDefault"),
    hostField("BlobLimit", INT64, "blobLimit"),
    hostField("IncDockerCert", pointerTo(BOOL), "incDockerCert"),
    hostField("IncDockerCred", pointerTo(BOOL), "incDockerCred"),
  ],
});

/** The configuration as templates see it. */
export function configView(config: ConfigSource): Value {
  return wrap(pointerTo(CONFIG), config);
}

/** The settings of a registry as templates see them. */
export function hostView(host: HostConfig): Value {
  return wrap(pointerTo(HOST), host);
}
