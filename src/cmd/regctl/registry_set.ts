/**
 * `regctl registry set`.
 *
 * @module
 */
import type { FlagValues } from "../../cli/flags.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { WRITES } from "../../cli/permissions.ts";
import { loadRegctlConfig, parseTls } from "../../config/regctl.ts";
import { hostFromName } from "../../config/registry_name.ts";
import type { HostConfig, Tls } from "../../registry/http/hosts.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN } from "./flags.ts";
import { pingRegistry } from "./registry_ping.ts";
import { saveConfig } from "./save_config.ts";

const SET_FLAGS = {
  "api-opts": {
    kind: "list",
    value: "KEY=VALUE",
    summary: "List of options of the API; an empty value unsets one",
  },
  "blob-chunk": {
    kind: "integer",
    value: "BYTES",
    summary: "Size of the chunks of an upload",
  },
  "blob-max": {
    kind: "integer",
    value: "BYTES",
    summary: "Upload larger blobs in chunks, -1 for none",
  },
  cacert: {
    kind: "text",
    value: "PEM",
    summary: "CA certificates to trust in addition",
  },
  "client-cert": {
    kind: "text",
    value: "PEM",
    summary: "Client certificate for mTLS",
  },
  "client-key": { kind: "text", value: "PEM", summary: "Client key for mTLS" },
  "cred-helper": {
    kind: "text",
    value: "PROGRAM",
    summary: "Credential helper (full name, docker-credential-...)",
  },
  dns: {
    kind: "list",
    value: "HOST",
    hidden: true,
    summary: "Deprecated: use --hostname and --mirror",
  },
  hostname: {
    kind: "text",
    value: "HOST",
    summary: "Where to connect, host[:port]",
  },
  mirror: {
    kind: "list",
    value: "REGISTRY",
    summary: "List of mirrors (registry names); replaces the list",
  },
  "path-prefix": {
    kind: "text",
    value: "PATH",
    summary: "Prefix to all repositories (useful for mirrors)",
  },
  priority: {
    kind: "integer",
    value: "N",
    summary: "Priority of a mirror, lower is tried first",
  },
  "repo-auth": {
    kind: "switch",
    summary: "Ask for a token for each repository",
  },
  "req-concurrent": {
    kind: "integer",
    value: "N",
    summary: "Requests at once",
  },
  "req-per-sec": {
    kind: "decimal",
    value: "N",
    summary: "Requests per second",
  },
  scheme: {
    kind: "text",
    value: "SCHEME",
    hidden: true,
    summary: "Deprecated: use --tls",
  },
  "skip-check": {
    kind: "switch",
    summary: "Do not ask the registry whether it is there",
  },
  tls: {
    kind: "text",
    value: "MODE",
    completes: ["enabled", "insecure", "disabled"],
    summary: "TLS (enabled, insecure, disabled)",
  },
  ...DRY_RUN,
} as const;

type SetFlags = FlagValues<typeof SET_FLAGS>;

/** Sets how a registry is reached. */
export const set = defineCommand({
  name: "set",
  summary: "set options on a registry",
  description:
    "Set how a registry is reached. What is not given stays as it is. Certificates and\n" +
    "keys are given as PEM text. Unless --skip-check is given, the registry is asked\n" +
    "whether it is there.",
  examples: [
    {
      about: "use http for a registry",
      line: "regctl registry set localhost:5000 --tls disabled",
    },
    {
      about: "trust a registry's own certificate authority",
      line:
        'regctl registry set registry.example.org --cacert "$(cat reg-ca.crt)"',
    },
    {
      about: "read through a mirror of Docker Hub",
      line: "regctl registry set docker.io --mirror hub-mirror.example.org",
    },
  ],
  needs: WRITES,
  args: ["[registry]"],
  completes: ["registry"],
  flags: SET_FLAGS,
  async run(io, call) {
    const { args: [registry = ""], flags, given, log } = call;
    const fromName = hostFromName(registry);
    const { name } = fromName;
    const config = await loadRegctlConfig(io.env);
    if (given.has("scheme")) {
      const { scheme } = flags;
      log.warn("Scheme flag is deprecated, for http set tls to disabled", {
        name,
        scheme,
      });
    }
    if (given.has("dns")) {
      const { dns } = flags;
      log.warn("DNS flag is deprecated, use hostname and mirrors instead", {
        name,
        dns,
      });
    }
    const host = {
      ...config.hosts.get(name) ?? fromName,
      ...changes(flags, given),
      ...apiOptions(config.hosts.get(name), flags["api-opts"]),
    };
    const hosts = new Map(config.hosts).set(name, host);
    await saveConfig(io, call, { before: config, after: { ...config, hosts } });
    if (flags["skip-check"] || flags["dry-run"]) return;
    await pingRegistry(io, { ...call, registry: name }, {
      warning: "Failed to ping registry, configuration still updated",
    });
  },
});

/** The setting behind each flag whose value is taken as it is. */
const PLAIN = {
  "blob-chunk": "blobChunk",
  "blob-max": "blobMax",
  cacert: "regcert",
  "client-cert": "clientCert",
  "client-key": "clientKey",
  "cred-helper": "credHelper",
  hostname: "hostname",
  mirror: "mirrors",
  "path-prefix": "pathPrefix",
  priority: "priority",
  "repo-auth": "repoAuth",
  "req-concurrent": "reqConcurrent",
  "req-per-sec": "reqPerSec",
} as const satisfies Partial<Record<keyof SetFlags, keyof HostConfig>>;

/** What the flags that are given say; nothing of the others. */
function changes(
  flags: SetFlags,
  given: ReadonlySet<string>,
): Partial<HostConfig> {
  const { priority = 0, tls = "", dns: [first, ...others] } = flags;
  if (priority < 0) {
    throw new UsageError(
      `invalid argument "${priority}" for "--priority" flag: must not be negative`,
    );
  }
  const plain = Object.entries(PLAIN)
    .filter(([flag]) => given.has(flag))
    .map(([flag, key]) => [key, new Map(Object.entries(flags)).get(flag)]);
  return {
    ...(first === undefined ? {} : { hostname: first, mirrors: others }),
    ...Object.fromEntries(plain),
    ...(given.has("tls") ? { tls: tlsOf(tls) } : {}),
  };
}

function tlsOf(text: string): Tls {
  const tls = parseTls(text);
  if (tls !== undefined) return tls;
  throw new UsageError(
    `unknown TLS value ${JSON.stringify(text)}`,
    "use enabled, insecure or disabled",
  );
}

/** `key=value` sets an option, `key=` and `key` unset it. */
function apiOptions(
  host: HostConfig | undefined,
  settings: readonly string[],
): Pick<HostConfig, "apiOpts"> {
  if (settings.length === 0) return {};
  const options = new Map(Object.entries(host?.apiOpts ?? {}));
  for (const setting of settings) {
    const [key = "", ...value] = setting.split("=");
    if (value.join("=") === "") options.delete(key);
    else options.set(key, value.join("="));
  }
  return { apiOpts: Object.fromEntries(options) };
}
