/**
 * Docker's credential helpers: programs that print a login.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import type { CallOptions } from "../core.ts";

/** Options for running a helper. */
export interface HelperOptions extends CallOptions {
  /** Variables for the program, beside those of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
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
    // The text every helper prints, as the protocol has no code for it.
    if (/credentials not found/i.test(text)) return undefined;
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

async function run(
  helper: string,
  action: "get" | "list" | "store",
  options: HelperOptions & { readonly input?: string },
): Promise<{ readonly success: boolean; readonly text: string }> {
  const { signal, env = {}, input = "" } = options;
  try {
    const child = new Deno.Command(helper, {
      args: [action],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
      env: { ...env },
      ...(signal ? { signal } : {}),
    }).spawn();
    const writer = child.stdin.getWriter();
    // A helper that does not read its input closes it: that is no failure.
    await writer.write(new TextEncoder().encode(input)).catch(() => {});
    await writer.close().catch(() => {});
    const { success, stdout } = await child.output();
    signal?.throwIfAborted();
    return { success, text: new TextDecoder().decode(stdout) };
  } catch (error) {
    signal?.throwIfAborted();
    throw new RegError(
      "config",
      `Cannot run credential helper ${quote(helper)}: ${messageOf(error)}`,
      { cause: error },
    );
  }
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
