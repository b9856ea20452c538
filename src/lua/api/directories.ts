/**
 * The files that a script may use.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { basename, dirname, isAbsolute, resolve, sep } from "node:path";

/** Options for {@linkcode Directories}. */
export interface DirectoriesOptions {
  /** Directories with all that is below them. */
  readonly allowed: readonly string[];
  /** Files and directories that stay out of reach: logins and configurations. */
  readonly withheld: readonly string[];
}

/** Paths within some directories. */
export class Directories {
  readonly #options: DirectoriesOptions;

  /** Takes the lists. */
  constructor(options: DirectoriesOptions) {
    this.#options = options;
  }

  /**
   * The real path of a file that may be used, or may be made.
   *
   * @throws {RegError} `denied`, naming the key that would allow it.
   */
  async check(path: string): Promise<string> {
    const real = await realPath(path);
    const inside = async (list: readonly string[]) => {
      for (const directory of list) {
        if (isWithin(real, await placeOf(directory))) return true;
      }
      return false;
    };
    if (await inside(this.#options.withheld)) {
      throw new RegError(
        "denied",
        `the file ${
          JSON.stringify(path)
        } may hold logins or settings and cannot be used`,
      );
    }
    if (await inside(this.#options.allowed)) return real;
    throw new RegError(
      "denied",
      `the path ${
        JSON.stringify(path)
      } is not allowed; add its directory to "allow.directories"`,
    );
  }
}

/**
 * Where a directory of a list is. One that we may not look at, as `/proc` when
 * permissions were given up, stands for itself.
 */
function placeOf(directory: string): Promise<string> {
  return realPath(directory).catch(() => resolve(directory));
}

/** The path with its links followed, as far as it exists. */
async function realPath(path: string): Promise<string> {
  const whole = isAbsolute(path) ? resolve(path) : resolve(Deno.cwd(), path);
  try {
    return await Deno.realPath(whole);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw denied(path, error);
    await refuseDanglingLink(whole);
    const parent = dirname(whole);
    if (parent === whole) return whole;
    return resolve(await realPath(parent), basename(whole));
  }
}

/** A link to what is not there would be made elsewhere by a write. */
async function refuseDanglingLink(path: string): Promise<void> {
  const info = await Deno.lstat(path).catch(() => undefined);
  if (info?.isSymlink) throw denied(path);
}

function denied(path: string, cause?: unknown): RegError {
  return new RegError(
    "denied",
    `the path ${JSON.stringify(path)} cannot be used`,
    { cause },
  );
}

function isWithin(path: string, directory: string): boolean {
  const base = directory.endsWith(sep) ? directory : directory + sep;
  return path === directory || path.startsWith(base);
}
