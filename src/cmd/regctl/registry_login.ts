/**
 * `regctl registry login`.
 *
 * @module
 */
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { WRITES } from "../../cli/permissions.ts";
import { collect } from "../../base/streams.ts";
import { dockerStore } from "../../config/docker.ts";
import { loadRegctlConfig, type RegctlConfig } from "../../config/regctl.ts";
import { hostFromName } from "../../config/registry_name.ts";
import type { HostConfig } from "../../registry/http/hosts.ts";
import { storeLogin } from "../../registry/http/credential_helper.ts";
import { defineCommand, type RegctlCall } from "./define.ts";
import { DRY_RUN } from "./flags.ts";
import { pingRegistry } from "./registry_ping.ts";
import { saveConfig } from "./save_config.ts";
import { effectiveHost } from "./session.ts";

/** The longest password that is read, in bytes: tokens are long. */
const LONGEST = 64 * 1024;

/** The user that stands for an identity token. */
const TOKEN_USER = "<token>";

/** Saves a login and tries it. */
export const login = defineCommand({
  name: "login",
  summary: "login to a registry",
  description:
    "Save a login for a registry and try it. What is not given is asked for. Where a\n" +
    "credential helper is configured it keeps the password; else the password is saved\n" +
    "as plain text, readable by you alone.",
  examples: [
    { about: "log in to Docker Hub", line: "regctl registry login" },
    {
      about: "log in with a password from the standard input",
      line:
        'echo "$token" | regctl registry login ghcr.io -u "$user" --pass-stdin',
    },
  ],
  needs: WRITES,
  args: ["[registry]"],
  completes: ["registry"],
  flags: {
    pass: { kind: "text", value: "PASSWORD", short: "p", summary: "Password" },
    "pass-stdin": {
      kind: "switch",
      summary: "Read the password from the standard input",
    },
    "skip-check": {
      kind: "switch",
      summary: "Do not try the login",
    },
    ...DRY_RUN,
    user: { kind: "text", value: "NAME", short: "u", summary: "Username" },
  },
  async run(io, call) {
    const { args: [registry = ""], flags } = call;
    const fromName = hostFromName(registry);
    const { name } = fromName;
    const config = await loadRegctlConfig(io.env);
    const known = config.hosts.get(name);
    const { user = "", pass = "", "pass-stdin": fromInput } = flags;
    if (fromInput && user === "") {
      throw new UsageError(
        "user must be provided to read password from stdin",
        "add --user NAME",
      );
    }
    const typedUser = user || await askUser(io, known?.user);
    const typedPass = fromInput
      ? await readPassword(io)
      : pass || await askPassword(io);
    if (typedUser === "" || typedPass === "") {
      throw new UsageError("required input missing");
    }
    await save(io, call, {
      config,
      // A name such as http://host says more than who logs in.
      host: known ?? (fromName.tls ? fromName : { name }),
      user: typedUser,
      secret: typedPass,
    });
    if (flags["skip-check"] || flags["dry-run"]) return;
    await pingRegistry(io, { ...call, registry: name }, {
      warning: "Failed to ping registry, credentials were still stored",
    });
  },
});

async function askUser(io: Io, known: string | undefined): Promise<string> {
  const current = known ? ` [${known}]` : "";
  const prompt = () => io.stdout.write(`Enter Username${current}: `);
  const typed = (await io.stdin.readLine({ prompt }) ?? "").trim();
  return typed === "" ? known ?? "" : typed;
}

async function askPassword(io: Io): Promise<string> {
  if (!io.stdin.isTerminal) {
    throw new UsageError(
      "unable to read from tty: the standard input is no terminal",
      "add --pass-stdin, or --pass PASSWORD",
    );
  }
  const prompt = () => io.stdout.write("Enter Password: ");
  const typed = await io.stdin.readLine({ secret: true, prompt }) ?? "";
  await io.stdout.write("\n");
  return typed;
}

async function readPassword(io: Io): Promise<string> {
  const bytes = await collect(io.stdin.stream(), LONGEST);
  return new TextDecoder().decode(bytes).replace(/[\r\n]+$/, "");
}

interface SaveOptions {
  readonly config: RegctlConfig;
  readonly host: HostConfig;
  readonly user: string;
  readonly secret: string;
}

async function save(
  io: Io,
  call: RegctlCall,
  { config, host, user, secret }: SaveOptions,
): Promise<void> {
  const { name } = host;
  const { user: _, pass: __, token: ___, ...rest } = host;
  const { credHost, hostname = name, ...effective } = await effectiveHost(
    io,
    call,
    name,
  );
  const credHelper = effective.credHelper ??
    (config.incDockerCred === false ? undefined : await dockerStore(io.env)) ??
    "";
  const isKept = credHelper !== "";
  const isDry = call.flags["dry-run"] ?? false;
  const server = credHost ?? hostname;
  if (isKept && isDry) {
    await io.stdout.write(
      `would store the login for ${server} in ${credHelper}\n`,
    );
  } else if (isKept) {
    const { signal } = call;
    await storeLogin(credHelper, { server, user, secret }, { signal });
  }
  const login = isKept
    ? {}
    : user === TOKEN_USER
    ? { token: secret }
    : { user, pass: secret };
  const hosts = new Map(config.hosts).set(name, { ...rest, ...login });
  // A helper that Docker's configuration names needs no row of ours.
  if (!isKept || config.hosts.has(name)) {
    await saveConfig(io, call, { before: config, after: { ...config, hosts } });
  }
  if (isDry) return;
  io.stderr.writeSync(
    isKept
      ? `The login is kept by ${credHelper}\n`
      : `The password is stored as plain text in ${config.path}\n`,
  );
}
