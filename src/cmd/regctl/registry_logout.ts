/**
 * `regctl registry logout`.
 *
 * @module
 */
import {
  loadRegctlConfig,
  type RegctlConfig,
  saveRegctlConfig,
  withoutSecrets,
} from "../../config/regctl.ts";
import { hostFromName, isPlainHost } from "../../config/registry_name.ts";
import { eraseLogin } from "../../registry/http/credential_helper.ts";
import { defineCommand } from "./define.ts";
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
  flags: {},
  async run(io, call) {
    const { args: [registry = ""], log, signal } = call;
    const config = await loadRegctlConfig(io.env);
    const { name } = hostFromName(registry);
    const isOurs = config.hosts.has(name);
    if (isOurs) await saveRegctlConfig(withoutLogin(config, name));
    const { user, token, credHelper = "", credHost, hostname = name } =
      await effectiveHost(io, call, name);
    const erased = credHelper !== "" &&
      await eraseLogin(credHelper, credHost ?? hostname, { signal });
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
  if (isPlainHost(left)) hosts.delete(name);
  else hosts.set(name, left);
  return { ...config, hosts };
}
