/**
 * `regctl config`.
 *
 * @module
 */
import type { Node } from "../../cli/command.ts";
import { checkFormat, jsonText, print } from "../../cli/format.ts";
import {
  configToJson,
  configWithoutSecrets,
  loadRegctlConfig,
  type RegctlConfig,
} from "../../config/regctl.ts";
import { formatFlags } from "../shared.ts";
import { defineCommand } from "./define.ts";
import { DRY_RUN, PRETTY } from "./flags.ts";
import { saveConfig } from "./save_config.ts";

const get = defineCommand({
  name: "get",
  summary: "show the config",
  description: "Show regctl's configuration, without passwords and keys.",
  examples: [
    { about: "show the whole configuration", line: "regctl config get" },
    {
      about: "show where it is",
      line: "regctl config get --format '{{.Filename}}'",
    },
  ],
  needs: [],
  args: [],
  flags: formatFlags("{{ printPretty . }}"),
  async run(io, call) {
    const { flags, given } = call;
    checkFormat(flags, given);
    const config = configWithoutSecrets(await loadRegctlConfig(io.env));
    const text = () => jsonText(configToJson(config));
    await print(io, call, {
      plain: ["{{ printPretty . }}", PRETTY],
      text,
      view: async () => (await import("../../view/mod.ts")).configView(config),
      json: text,
    });
  },
});

const set = defineCommand({
  name: "set",
  summary: "set a configuration option",
  description:
    "Set options that hold for all registries. What is not given stays as it is.",
  examples: [
    {
      about: "do not read Docker's logins",
      line: "regctl config set --docker-cred=false",
    },
    { about: "read them again", line: "regctl config set --docker-cred" },
  ],
  needs: ["write"],
  args: [],
  flags: {
    "blob-limit": {
      kind: "integer",
      value: "BYTES",
      summary: "Largest chunk of an upload that a registry may ask for",
    },
    "default-cred-helper": {
      kind: "text",
      value: "PROGRAM",
      summary: "Credential helper for registries without one; empty for none",
    },
    "docker-cert": { kind: "switch", summary: "Read Docker's certificates" },
    "docker-cred": { kind: "switch", summary: "Read Docker's logins" },
    ...DRY_RUN,
  },
  async run(io, call) {
    const { flags, given } = call;
    const config = await loadRegctlConfig(io.env);
    const { hostDefault = {} } = config;
    const helper = flags["default-cred-helper"];
    const { credHelper: _, ...others } = hostDefault;
    const changed: RegctlConfig = {
      ...config,
      ...(given.has("blob-limit") ? { blobLimit: flags["blob-limit"] } : {}),
      ...(helper === undefined ? {} : {
        hostDefault: helper === "" ? others : { ...others, credHelper: helper },
      }),
      ...(given.has("docker-cert")
        ? { incDockerCert: offOnly(flags["docker-cert"]) }
        : {}),
      ...(given.has("docker-cred")
        ? { incDockerCred: offOnly(flags["docker-cred"]) }
        : {}),
    };
    await saveConfig(io, call, { before: config, after: changed });
  },
});

/** On is the default, and is not written. */
function offOnly(value: boolean): false | undefined {
  return value ? undefined : false;
}

/** The commands for the configuration. */
export const configCommands: readonly Node[] = [get, set];
