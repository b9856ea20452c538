/**
 * Every variable of the environment that the tools read.
 *
 * @module
 */

/** Reads a variable; `undefined` where it is not set. */
export type Environment = (name: string) => string | undefined;

/** A variable, for the documentation. */
export interface Variable {
  /** What reads it. */
  readonly readBy: string;
  /** What it does, one sentence. */
  readonly effect: string;
}

/** The variables, by name. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  REGCTL_CONFIG: {
    readBy: "regctl",
    effect:
      "The path of regctl's configuration file, whether it exists or not.",
  },
  HOME: {
    readBy: "all tools",
    effect:
      "Holds `.regctl/config.json` and `.docker/config.json`; on Windows `USERPROFILE` does.",
  },
  USERPROFILE: {
    readBy: "all tools",
    effect: "Stands for `HOME` on Windows.",
  },
  XDG_CONFIG_HOME: {
    readBy: "regctl",
    effect:
      "Holds `regctl/config.json`, which goes before `.regctl/config.json` where it exists. Default: `$HOME/.config`.",
  },
  APPDATA: {
    readBy: "regctl",
    effect: "Stands for `XDG_CONFIG_HOME` on Windows.",
  },
  XDG_RUNTIME_DIR: {
    readBy: "all tools",
    effect: "Holds `containers/auth.json`, a file of logins.",
  },
  REGISTRY_AUTH_FILE: {
    readBy: "all tools",
    effect: "The path of a file of logins in the form of `auth.json`.",
  },
  DOCKER_CONFIG: {
    readBy: "all tools",
    effect: "The folder that holds Docker's `config.json`.",
  },
  DOCKER_AUTH_CONFIG: {
    readBy: "all tools",
    effect: "The content of a Docker `config.json`, read after the file.",
  },
  SOURCE_DATE_EPOCH: {
    readBy: "regctl",
    effect:
      "A fixed time, in seconds, for new entries of layouts and of an image's history, and for `--created now`.",
  },
  SOURCE_DATE_EPOC: {
    readBy: "regctl",
    effect: "The same, as upstream spells it; `SOURCE_DATE_EPOCH` wins.",
  },
  HTTP_PROXY: {
    readBy: "all tools",
    effect: "The proxy for http; `http_proxy` too.",
  },
  HTTPS_PROXY: {
    readBy: "all tools",
    effect: "The proxy for https; `https_proxy` too.",
  },
  NO_PROXY: {
    readBy: "all tools",
    effect:
      "Hosts that are reached without a proxy: names, suffixes, ports, CIDR ranges; `no_proxy` too.",
  },
  SSL_CERT_FILE: {
    readBy: "all tools",
    effect: "A file of trusted roots, in place of the system's.",
  },
  SSL_CERT_DIR: {
    readBy: "all tools",
    effect: "Folders of trusted roots, in place of the system's.",
  },
  DENO_TLS_CA_STORE: {
    readBy: "the runtime",
    effect:
      "Which roots are trusted: `system`, `mozilla` or both. Default: `system,mozilla`.",
  },
  NO_COLOR: {
    readBy: "the runtime",
    effect: "No colours, whatever its value.",
  },
  TMPDIR: {
    readBy: "all tools",
    effect: "Where temporary files go.",
  },
  PATH: {
    readBy: "all tools",
    effect: "Where credential helpers are looked for.",
  },
};

/** The user's home folder; `undefined` where nothing says it. */
export function homeOf(env: Environment): string | undefined {
  const name = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const home = env(name) ?? "";
  return home === "" ? undefined : home;
}

/**
 * The time that `SOURCE_DATE_EPOCH` fixes, or `SOURCE_DATE_EPOC` (sic).
 *
 * See {@link https://reproducible-builds.org/specs/source-date-epoch/}.
 */
export function sourceDate(env: Environment): Date | undefined {
  for (const name of ["SOURCE_DATE_EPOCH", "SOURCE_DATE_EPOC"]) {
    const text = env(name) ?? "";
    if (/^\d{1,11}$/.test(text)) return new Date(Number(text) * 1000);
  }
  return undefined;
}
