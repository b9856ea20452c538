/**
 * `regctl registry logout`.
 *
 * @module
 */
import {
  loadRegctlConfig,
  type RegctlConfig,
  withoutSecrets,
} from "../../config/regctl.ts";
import { hostFromName, isPlainHost } from "../../config/registry_name.ts";
import { eraseLogin } from "../../registry/http/credential_helper.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN } from "./flags.ts";
import { saveConfig } from "./save_config.ts";
import { effectiveHost } from "./session.ts";

/** Forgets a login. */
export const logout = defineCommand({
  name: "logout",
  summary: "logout of a registry",
  description:
    "Forget the login of a registry, in regctl's own configuration and in the credential\n" +
    "helper that keeps it. What Docker's or Podman's files hold stays there.",
  examples: [{
    about: "log out of a registry",
    line: "regctl registry logout registry.example.org",
  }],
  needs: ["run", "write"],
  args: ["[registry]"],
  completes: ["registry"],
  flags: DRY_RUN,
  async run(io, call) {
    const { args: [registry = ""], flags, log, signal } = call;
    const config = await loadRegctlConfig(io.env);
    const { name } = hostFromName(registry);
    const isOurs = config.hosts.has(name);
    if (isOurs) {
      const after = withoutLogin(config, name);
      await saveConfig(io, call, { before: config, after });
    }
    const { user, token, credHelper = "", credHost, hostname = name } =
      await effectiveHost(io, call, name);
    const server = credHost ?? hostname;
    if (credHelper !== "" && flags["dry-run"]) {
      return await io.stdout.write(
        `would erase the login for ${server} from ${credHelper}\n`,
      );
    }
    const erased = credHelper !== "" &&
      await eraseLogin(credHelper, server, { signal });
    if (credHelper === "" && (user || token)) {
      log.warn("Another program's file still holds a login for registry", {
        registry: name,
      });
    } else if (!isOurs && !erased) {
      log.warn("No configuration found for registry", { registry: name });
    }
  },
});

/** The configuration without the login of a registry; without its row where nothing else is in it. */
function withoutLogin(config: RegctlConfig, name: string): RegctlConfig {
  const hosts = new Map(config.hosts);
  const { user: _, clientKey, ...rest } = hosts.get(name) ?? { name };
  const left = {
    ...withoutSecrets(rest),
    ...(clientKey === undefined ? {} : { clientKey }),
    name,
  };
  const unknown = config.unknownOfHosts?.get(name) ?? {};
  const isEmpty = isPlainHost(left) && Object.keys(unknown).length === 0;
  if (isEmpty) hosts.delete(name);
  else hosts.set(name, left);
  return { ...config, hosts };
}
