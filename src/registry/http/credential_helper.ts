/**
 * Docker's credential helpers: programs that print a login.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { collect } from "../../base/streams.ts";
import { untilAborted } from "../../base/until_aborted.ts";
import type { CallOptions } from "../core.ts";
import { deadline } from "./deadline.ts";

/** How long a helper may take, in milliseconds: some ask the user to type. */
const PATIENCE_MS = 60_000;

/** The longest answer, in bytes: a list may name hundreds of servers. */
const LARGEST = 1024 * 1024;

/** Options for running a helper. */
export interface HelperOptions extends CallOptions {
  /** Variables for the program, beside those of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How long the program may take, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
}

/** A login: a user and a password, or an identity token. */
export interface Login {
  /** The user; empty where there is only a token. */
  readonly user: string;
  /** The password. */
  readonly pass: string;
  /** The identity token. */
  readonly token: string;
}

/**
 * Asks a helper for the login to a server.
 *
 * See {@link https://github.com/docker/docker-credential-helpers}.
 *
 * @param helper The program, such as `docker-credential-pass`.
 * @param server What to ask for, such as `ghcr.io`.
 * @returns `undefined` where the helper knows none.
 * @throws {RegError} `config` where the program cannot be run or prints no login.
 */
export async function askHelper(
  helper: string,
  server: string,
  options: HelperOptions = {},
): Promise<Login | undefined> {
  const { success, text } = await run(helper, "get", {
    ...options,
    input: server,
  });
  if (!success) {
    if (NOT_FOUND.test(text)) return undefined;
    throw new RegError("config", `Cannot get a login from ${quote(helper)}`);
  }
  const answer = parse(helper, text);
  const { Username: user, Secret: secret } = answer;
  if (typeof user !== "string" || typeof secret !== "string") {
    throw new RegError("config", `Cannot read the login from ${quote(helper)}`);
  }
  return user === "<token>"
    ? { user: "", pass: "", token: secret }
    : { user, pass: secret, token: "" };
}

/**
 * Asks a helper which servers it knows.
 *
 * @returns The users by server.
 * @throws {RegError} `config` where the program cannot be run or prints no list.
 */
export async function listHelper(
  helper: string,
  options: HelperOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const { success, text } = await run(helper, "list", options);
  if (!success) {
    throw new RegError("config", `Cannot list logins of ${quote(helper)}`);
  }
  return new Map(
    Object.entries(parse(helper, text)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}

/** What a helper is to keep. */
export interface StoredLogin {
  /** For which server, such as `ghcr.io`. */
  readonly server: string;
  /** The user; `<token>` for an identity token. */
  readonly user: string;
  /** The password or the token. */
  readonly secret: string;
}

/**
 * Hands a login to a helper, which keeps it.
 *
 * @throws {RegError} `config` where the program cannot be run or refuses.
 */
export async function storeLogin(
  helper: string,
  login: StoredLogin,
  options: HelperOptions = {},
): Promise<void> {
  const input = JSON.stringify({
    ServerURL: login.server,
    Username: login.user,
    Secret: login.secret,
  });
  const { success } = await run(helper, "store", { ...options, input });
  if (!success) {
    throw new RegError("config", `Cannot store the login in ${quote(helper)}`);
  }
}

/**
 * Tells a helper to forget the login to a server.
 *
 * @returns Whether it knew one.
 * @throws {RegError} `config` where the program cannot be run or refuses.
 */
export async function eraseLogin(
  helper: string,
  server: string,
  options: HelperOptions = {},
): Promise<boolean> {
  const { success, text } = await run(helper, "erase", {
    ...options,
    input: server,
  });
  if (success) return true;
  if (NOT_FOUND.test(text)) return false;
  throw new RegError("config", `Cannot erase the login from ${quote(helper)}`);
}

/** The text every helper prints, as the protocol has no code for it. */
const NOT_FOUND = /credentials not found/i;

interface RunOptions extends HelperOptions {
  /** What the program reads. */
  readonly input?: string;
}

async function run(
  helper: string,
  action: "get" | "list" | "store" | "erase",
  options: RunOptions,
): Promise<{ readonly success: boolean; readonly text: string }> {
  const { signal, env = {}, input = "", timeoutMs = PATIENCE_MS } = options;
  const late = () =>
    new RegError("timeout", `no answer within ${timeoutMs / 1000} seconds`);
  using limit = deadline(timeoutMs, late, { ...(signal ? { signal } : {}) });
  try {
    const child = new Deno.Command(helper, {
      args: [action],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
      env: { ...env },
    }).spawn();
    try {
      const writing = write(child.stdin, input);
      // A helper's own children may hold its output open after its end.
      const output = child.stdout.pipeThrough(new TransformStream(), {
        signal: limit.signal,
      });
      const text = new TextDecoder().decode(await collect(output, LARGEST));
      const { success } = await untilAborted(child.status, limit.signal);
      await writing;
      return { success, text };
    } catch (error) {
      await kill(child);
      throw error;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new RegError(
      "config",
      `Cannot run credential helper ${quote(helper)}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Ends a program, whatever it waits for. */
async function kill(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // it has ended
  }
  await child.status;
}

async function write(
  stream: WritableStream<Uint8Array>,
  text: string,
): Promise<void> {
  const writer = stream.getWriter();
  // A helper that does not read its input closes it: that is no failure.
  await writer.write(new TextEncoder().encode(text)).catch(() => {});
  await writer.close().catch(() => {});
}

function parse(helper: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object") return { ...value };
  } catch {
    // Said below, without the text: it may hold a secret.
  }
  throw new RegError("config", `Cannot read the answer of ${quote(helper)}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
