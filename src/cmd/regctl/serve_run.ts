/**
 * `regctl serve`: what it does.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { parseSize } from "../../base/size.ts";
import type { Io } from "../../cli/io.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { MANIFEST_LIMIT } from "../../registry/manifest.ts";
import {
  authenticator,
  MemoryStorage,
  openFolder,
  openHtpasswd,
  type ServeOptions,
  startServer,
  type Storage,
} from "../../serve/mod.ts";
import type { ServeFlags } from "./serve_flags.ts";

/** The call of the command. */
export interface ServeCall {
  /** The folder. */
  readonly args: readonly [string | undefined];
  /** Its flags. */
  readonly flags: ServeFlags;
  /** The names of those that are given. */
  readonly given: ReadonlySet<string>;
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Where records go. */
  readonly log: Log;
}

/** Serves until it is told to stop. */
export async function run(
  io: Io,
  { args: [directory], flags, given, signal, log }: ServeCall,
): Promise<void> {
  const { "max-connections": maxConnections } = flags;
  const where = parseAddress(flags.addr);
  const limits = {
    maxManifest: parseSize(flags["max-manifest"]),
    ...(flags["max-blob"] === undefined
      ? {}
      : { maxBlob: parseSize(flags["max-blob"]) }),
  };
  if (limits.maxManifest > MANIFEST_LIMIT) {
    throw new UsageError("Cannot serve: manifests are at most 8MiB");
  }
  if (maxConnections < 1) {
    throw new UsageError("Cannot serve: use at least one connection");
  }
  checkPairs(directory, flags);
  await using storage = await openStorage(directory, {
    readOnly: flags["read-only"],
    graceMs: flags.gc ? flags["gc-grace"] : undefined,
  });
  await using server = await startServer(storage, {
    ...where,
    limits,
    log,
    ...(given.has("max-connections") ? { maxConnections } : {}),
    readOnly: flags["read-only"],
    sparse: flags.sparse,
    stopMs: flags["stop-timeout"],
    authenticate: await authenticate(flags),
    tls: await readTls(flags),
  });
  await io.stdout.write(`Listening on ${server.address}\n`);
  await stopped(signal, server.finished);
  log.info("Stopping", { address: server.address });
}

/** Reads `host:port`, `:port`, `[::1]:port`. */
function parseAddress(
  text: string,
): Required<Pick<ServeOptions, "hostname" | "port">> {
  const [, ipv6, host = "", digits = ""] =
    /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === "" || port > 65535) {
    throw new UsageError(
      `Cannot listen on ${JSON.stringify(text)}: it is no HOST:PORT`,
    );
  }
  return { hostname: ipv6 ?? (host === "" ? "0.0.0.0" : host), port };
}

/** Refuses flags that go, or do not go, together. */
function checkPairs(directory: string | undefined, given: ServeFlags): void {
  const wrong = [
    [directory === undefined && !given.memory, "a directory, or --memory"],
    [
      directory !== undefined && given.memory,
      "a directory or --memory, not both",
    ],
    [given.memory && given.gc, "--gc with a directory"],
    [given["read-only"] && given.gc, "--gc without --read-only"],
    [
      given["anonymous-pull"] && given.htpasswd === undefined,
      "--anonymous-pull with --htpasswd",
    ],
    [
      (given["tls-cert"] === undefined) !== (given["tls-key"] === undefined),
      "--tls-cert and --tls-key together",
    ],
  ] as const;
  for (const [isWrong, what] of wrong) {
    if (isWrong) throw new UsageError(`Cannot serve: use ${what}`);
  }
}

async function openStorage(
  directory: string | undefined,
  options: { readonly readOnly: boolean; readonly graceMs: number | undefined },
): Promise<Storage> {
  if (directory === undefined) return new MemoryStorage();
  const { readOnly, graceMs } = options;
  const storage = await openFolder(directory, { readOnly });
  if (graceMs !== undefined) await storage.collect({ graceMs });
  return storage;
}

async function authenticate(
  given: ServeFlags,
): Promise<ServeOptions["authenticate"]> {
  if (given.htpasswd === undefined) return undefined;
  return authenticator(await openHtpasswd(given.htpasswd), {
    anonymousPull: given["anonymous-pull"],
  });
}

async function readTls(given: ServeFlags): Promise<ServeOptions["tls"]> {
  const { "tls-cert": cert, "tls-key": key } = given;
  if (cert === undefined || key === undefined) return undefined;
  return { cert: await readText(cert), key: await readText(key) };
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new RegError(
      "file",
      `Cannot read ${JSON.stringify(path)}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** Waits for the signal to stop, or for the server to end by itself. */
async function stopped(
  signal: AbortSignal,
  finished: Promise<void>,
): Promise<void> {
  const asked = Promise.withResolvers<void>();
  const stop = () => asked.resolve();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  await Promise.race([asked.promise, finished]);
  signal.removeEventListener("abort", stop);
}
