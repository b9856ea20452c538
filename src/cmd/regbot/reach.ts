/**
 * What a script can reach of this machine.
 *
 * @module
 */
import { homeOf } from "../../config/env.ts";
import type { RegbotAllow } from "../../config/regbot.ts";
import { Directories } from "../../lua/api/directories.ts";
import type { ModulePath } from "../../lua/api/session.ts";

/** Where modules are in upstream's containers. */
const MODULE_DIRECTORIES = ["/lua-user", "/lua-mods"];
/** Where container platforms put logins. */
const SECRETS = ["/run/secrets", "/var/run/secrets", "/proc", "/sys", "/dev"];

/** Reads a variable of the environment. */
export type Environment = (name: string) => string | undefined;

/** Options for {@linkcode reachOf}. */
export interface ReachOptions {
  /** The environment of this process. */
  readonly env: Environment;
  /** Files that hold logins and settings. */
  readonly files: readonly string[];
  /** @default {Deno.cwd()} */
  readonly workingDirectory?: string;
}

/** The files and the modules of a script. */
export interface Reach {
  /** The files that it may use. */
  readonly directories: Directories;
  /** Where `require` looks. */
  readonly modules: ModulePath;
}

/** Turns the lists of a script into what it can reach. */
export function reachOf(allow: RegbotAllow, options: ReachOptions): Reach {
  const { env, files } = options;
  const allowed = allow.directories ?? byDefault(options);
  const withheld = [...files, ...SECRETS, ...loginFiles(env)];
  const directories = [...allowed, ...MODULE_DIRECTORIES];
  return {
    directories: new Directories({ allowed, withheld }),
    modules: {
      directories,
      files: new Directories({ allowed: directories, withheld }),
    },
  };
}

/** Tells whether a script may use files, which it could write. */
export function usesFiles(allow: RegbotAllow, options: ReachOptions): boolean {
  return (allow.directories ?? byDefault(options)).length > 0;
}

/** The working directory, unless everything or everything of a user is in it. */
function byDefault(options: ReachOptions): readonly string[] {
  const { env, workingDirectory = Deno.cwd() } = options;
  const home = homeOf(env);
  return workingDirectory === "/" || workingDirectory === home
    ? []
    : [workingDirectory];
}

/** Where the tools and their like keep logins. */
function loginFiles(env: Environment): string[] {
  const home = homeOf(env);
  const atHome = [".docker", ".regctl", ".config/regctl", ".config/containers"];
  const named = ["DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "REGCTL_CONFIG"];
  const runtime = env("XDG_RUNTIME_DIR");
  const config = env("XDG_CONFIG_HOME");
  return [
    ...home ? atHome.map((name) => `${home}/${name}`) : [],
    ...named.flatMap((name) => env(name) || []),
    ...runtime ? [`${runtime}/containers`] : [],
    ...config ? [`${config}/regctl`, `${config}/containers`] : [],
  ];
}
