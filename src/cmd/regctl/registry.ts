/**
 * `regctl registry`.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Node } from "../../cli/command.ts";
import { checkFormat, jsonText, print } from "../../cli/format.ts";
import { READS } from "../../cli/permissions.ts";
import {
  configToJson,
  configWithoutSecrets,
  hostToJson,
  loadRegctlConfig,
  type RegctlConfig,
} from "../../config/regctl.ts";
import { hostFromName } from "../../config/registry_name.ts";
import { configView, hostView } from "../../view/mod.ts";
import { formatFlags, OUTPUT } from "../shared.ts";
import { defineCommand } from "./define.ts";
import { login } from "./registry_login.ts";
import { logout } from "./registry_logout.ts";
import { pingRegistry } from "./registry_ping.ts";
import { set } from "./registry_set.ts";

const PRETTY_JSON = "{{jsonPretty .}}";

const config = defineCommand({
  name: "config",
  summary: "show registry config",
  description:
    "Show what is set for a registry, or for all of them, without passwords and keys.",
  examples: [{
    about: "show what is set for a registry",
    line: "regctl registry config registry.example.org",
  }],
  needs: [],
  args: ["[registry]"],
  completes: ["registry"],
  flags: formatFlags(PRETTY_JSON),
  async run(io, call) {
    const { args: [registry], flags, given } = call;
    checkFormat(flags, given);
    const all = configWithoutSecrets(await loadRegctlConfig(io.env));
    const shown = registry === undefined
      ? { view: () => configView(all), json: configToJson(all) }
      : hostShown(all, registry);
    if (shown === undefined) {
      call.log.warn("No configuration found for registry", {
        registry: registry ?? "",
      });
      return;
    }
    const text = () => jsonText(shown.json);
    await print(io, call, {
      plain: [PRETTY_JSON, "{{printPretty .}}"],
      text,
      view: shown.view,
      json: text,
    });
  },
});

function hostShown(config: RegctlConfig, registry: string) {
  const host = config.hosts.get(hostFromName(registry).name);
  return host && { view: () => hostView(host), json: hostToJson(host) };
}

const whoami = defineCommand({
  name: "whoami",
  summary: "show current login for a registry",
  description:
    "Show the user that regctl's own configuration has for a registry.",
  examples: [{
    about: "show the login for Docker Hub",
    line: "regctl registry whoami",
  }],
  needs: [],
  args: ["[registry]"],
  completes: ["registry"],
  flags: OUTPUT,
  async run(io, call) {
    const { args: [registry = ""], flags, given } = call;
    checkFormat(flags, given);
    const config = await loadRegctlConfig(io.env);
    const { name } = hostFromName(registry);
    const { user = "", token = "" } = config.hosts.get(name) ?? {};
    const shown = user === "" && token !== "" ? "<token>" : user;
    if (shown === "") {
      throw new RegError("not_found", `no login found for ${name}`);
    }
    await io.stdout.write(
      flags.output === undefined
        ? `${shown}\n`
        : jsonText({ registry: name, user: shown }),
    );
  },
});

const ping = defineCommand({
  name: "ping",
  summary: "check that a registry is there",
  description:
    "Ask a registry whether it is there and takes the login. Prints its name.",
  examples: [{
    about: "check a registry",
    line: "regctl registry ping registry.example.org",
  }],
  needs: READS,
  args: ["[registry]"],
  completes: ["registry"],
  flags: OUTPUT,
  async run(io, call) {
    const { args: [registry = ""], flags, given } = call;
    checkFormat(flags, given);
    const { name } = hostFromName(registry);
    await pingRegistry(io, { ...call, registry: name });
    await io.stdout.write(
      flags.output === undefined ? `${name}\n` : jsonText({ registry: name }),
    );
  },
});

/** The commands for registries. */
export const registryCommands: readonly Node[] = [
  config,
  login,
  logout,
  ping,
  set,
  whoami,
];
