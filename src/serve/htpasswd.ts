/**
 * Users and passwords from an htpasswd file with bcrypt hashes.
 *
 * @module
 */
import { createHmac, randomBytes } from "node:crypto";
import { compare } from "bcryptjs";
import { messageOf, RegError } from "../base/errors.ts";
import { Semaphore } from "../base/semaphore.ts";

/** Checks names and passwords. */
export interface Passwords {
  /**
   * Tells whether the password is the user's.
   *
   * @throws {RegError} `rate_limited` where too many ask at once.
   */
  check(user: string, password: string): Promise<boolean>;
}

/** How many passwords may wait to be checked: each costs about a tenth of a second. */
const LONGEST_QUEUE = 64;

/** How many passwords are remembered as right, and for how long. */
const REMEMBERED = 1000;
const REMEMBER_MS = 5 * 60_000;

/**
 * Reads the text of an htpasswd file.
 *
 * @param where The file's name, for messages.
 * @throws {RegError} `config` for a line that is not `user:$2y$…`.
 */
export function parseHtpasswd(
  text: string,
  where: string,
): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, user, hash] =
      /^([^:]+):(\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})\s*$/.exec(line) ?? [];
    if (user === undefined || hash === undefined) {
      throw new RegError(
        "config",
        `Cannot read ${JSON.stringify(where)}: line ${
          at + 1
        } is no user with a bcrypt hash (htpasswd -B)`,
      );
    }
    users.set(user, hash);
  }
  return users;
}

/** Checks passwords against bcrypt hashes, one at a time. */
export class HashedPasswords implements Passwords {
  readonly #users: () => Promise<ReadonlyMap<string, string>>;
  readonly #key = randomBytes(32);
  readonly #gate = new Semaphore(1);
  readonly #right = new Map<string, { readonly hash: string; until: number }>();

  /**
   * Makes a checker.
   *
   * @param users Gives the hashes by user, anew for each check.
   */
  constructor(users: () => Promise<ReadonlyMap<string, string>>) {
    this.#users = users;
  }

  /** Tells whether the password is the user's. */
  async check(user: string, password: string): Promise<boolean> {
    const users = await this.#users();
    const hash = users.get(user);
    const proof = this.#proof(user, password);
    const known = this.#right.get(proof);
    if (known && known.hash === hash && known.until > Date.now()) return true;
    // An unknown user takes as long as a known one.
    const some = hash ?? users.values().next().value;
    const fits = some !== undefined && await this.#compare(password, some);
    if (!fits || hash === undefined) return false;
    this.#remember(proof, hash);
    return true;
  }

  async #compare(password: string, hash: string): Promise<boolean> {
    if (this.#gate.waiting >= LONGEST_QUEUE) {
      throw new RegError("rate_limited", "Too many passwords to check");
    }
    using _turn = await this.#gate.acquire();
    return await compare(password, hash);
  }

  #proof(user: string, password: string): string {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([user, password])).digest("base64");
  }

  #remember(proof: string, hash: string): void {
    const oldest = this.#right.keys().next().value;
    if (this.#right.size >= REMEMBERED && oldest !== undefined) {
      this.#right.delete(oldest);
    }
    this.#right.set(proof, { hash, until: Date.now() + REMEMBER_MS });
  }
}

/**
 * Opens an htpasswd file. Changes to it take effect at once; while it cannot be
 * read, what it said last holds.
 *
 * @throws {RegError} `config`, `file`
 */
export async function openHtpasswd(path: string): Promise<Passwords> {
  let users = await readHtpasswd(path);
  let version = await versionOf(path);
  return new HashedPasswords(async () => {
    const now = await versionOf(path).catch(() => version);
    if (now !== version) {
      users = await readHtpasswd(path).catch(() => users);
      version = now;
    }
    return users;
  });
}

async function readHtpasswd(
  path: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    return parseHtpasswd(await Deno.readTextFile(path), path);
  } catch (cause) {
    if (cause instanceof RegError) throw cause;
    throw new RegError(
      "file",
      `Cannot read ${JSON.stringify(path)}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

async function versionOf(path: string): Promise<string> {
  const { ino, size, mtime } = await Deno.stat(path);
  return `${ino} ${size} ${mtime?.getTime()}`;
}
