/**
 * `regctl serve`.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { parseSize } from "../../base/size.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { DEFAULT_MAX_CONNECTIONS } from "../../serve/listener.ts";
import type { ServeOptions, Storage } from "../../serve/mod.ts";
import { defineCommand } from "./define.ts";

/** Serves a folder of OCI layouts, or the memory, as a registry. */
export const serve = defineCommand({
  name: "serve",
  summary: "Run a registry",
  description:
    `Run a registry on a folder of OCI layouts, one a repository: what \
was copied to ocidir://DIR/NAME is served as NAME, and what is pushed can be \
read there. Without a certificate it speaks plain http, of which clients must \
be told: regctl registry set --tls disabled 127.0.0.1:5000. Stops on SIGTERM or \
SIGINT, when the requests under way are done.`,
  examples: [
    { about: "serve a folder", line: "regctl serve ./images" },
    {
      about: "serve everybody, let users of a file push",
      line:
        "regctl serve ./images --addr :5000 --htpasswd users --anonymous-pull",
    },
    {
      about: "a registry for one job, with an access log",
      line: "regctl serve --memory --addr 127.0.0.1:0 -v info",
    },
  ],
  needs: ({ flags }) =>
    flags["memory"] || flags["read-only"] ? ["net"] : ["net", "write"],
  args: ["[directory]"],
  completes: ["directory"],
  flags: {
    addr: {
      kind: "text",
      value: "HOST:PORT",
      default: "127.0.0.1:5000",
      summary: "Where to listen; port 0 takes a free one",
    },
    "anonymous-pull": {
      kind: "switch",
      summary: "Let everybody pull where --htpasswd is set",
    },
    gc: {
      kind: "switch",
      summary: "First remove what no manifest in a repository refers to",
    },
    "gc-grace": {
      kind: "duration",
      value: "DURATION",
      default: 3_600_000,
      summary: "How old it must be to be removed",
    },
    htpasswd: {
      kind: "text",
      value: "FILE",
      summary: "Ask for users and passwords of this file (bcrypt)",
      completes: "file",
    },
    "max-blob": {
      kind: "text",
      value: "SIZE",
      summary: "The largest blob to accept, such as 10GiB",
    },
    "max-connections": {
      kind: "integer",
      value: "NUMBER",
      default: DEFAULT_MAX_CONNECTIONS,
      summary:
        "The most connections at a time; idle ones make room for others (with Deno 2.8.3 and newer)",
    },
    "max-manifest": {
      kind: "text",
      value: "SIZE",
      default: "8MiB",
      summary: "The largest manifest to accept",
    },
    memory: {
      kind: "switch",
      summary: "Keep everything in memory instead of a directory",
    },
    "read-only": { kind: "switch", summary: "Accept no changes" },
    sparse: {
      kind: "switch",
      summary: "Accept manifests whose content is not all there",
    },
    "stop-timeout": {
      kind: "duration",
      value: "DURATION",
      default: 30_000,
      summary: "How long to wait for requests under way when stopping",
    },
    "tls-cert": {
      kind: "text",
      value: "FILE",
      summary: "Serve https with this certificate (PEM)",
      completes: "file",
    },
    "tls-key": {
      kind: "text",
      value: "FILE",
      summary: "The key of the certificate (PEM)",
      completes: "file",
    },
  },
  async run(io, { args: [directory], flags, given, signal, log }) {
    const { "max-connections": maxConnections } = flags;
    const where = parseAddress(flags.addr);
    const limits = {
      maxManifest: parseSize(flags["max-manifest"]),
      ...(flags["max-blob"] === undefined
        ? {}
        : { maxBlob: parseSize(flags["max-blob"]) }),
    };
    // Loaded here: every call of regctl loads this file.
    const { MANIFEST_LIMIT } = await import("../../registry/manifest.ts");
    if (limits.maxManifest > MANIFEST_LIMIT) {
      throw new UsageError("Cannot serve: manifests are at most 8MiB");
    }
    if (maxConnections < 1) {
      throw new UsageError("Cannot serve: use at least one connection");
    }
    checkPairs(directory, flags);
    // Loaded here: other commands need no server.
    const { startServer } = await import("../../serve/mod.ts");
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
  },
});

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

interface Given {
  readonly memory: boolean;
  readonly gc: boolean;
  readonly "read-only": boolean;
  readonly "anonymous-pull": boolean;
  readonly htpasswd: string | undefined;
  readonly "tls-cert": string | undefined;
  readonly "tls-key": string | undefined;
}

/** Refuses flags that go, or do not go, together. */
function checkPairs(directory: string | undefined, given: Given): void {
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
  const { MemoryStorage, openFolder } = await import("../../serve/mod.ts");
  if (directory === undefined) return new MemoryStorage();
  const { readOnly, graceMs } = options;
  const storage = await openFolder(directory, { readOnly });
  if (graceMs !== undefined) await storage.collect({ graceMs });
  return storage;
}

async function authenticate(
  given: Given,
): Promise<ServeOptions["authenticate"]> {
  if (given.htpasswd === undefined) return undefined;
  const { authenticator, openHtpasswd } = await import("../../serve/mod.ts");
  return authenticator(await openHtpasswd(given.htpasswd), {
    anonymousPull: given["anonymous-pull"],
  });
}

async function readTls(given: Given): Promise<ServeOptions["tls"]> {
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
