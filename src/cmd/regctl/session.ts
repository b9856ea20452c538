/**
 * What a command of regctl works with: the settings, the client, the stores.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Io } from "../../cli/io.ts";
import { sourceDate } from "../../config/env.ts";
import type { DryChange } from "../../registry/dry_store.ts";
import type { HostConfig } from "../../registry/http/hosts.ts";
import type { Client, OpenedStore } from "../../registry/open.ts";
import type { Reference } from "../../registry/reference.ts";
import type { RegctlCall } from "./define.ts";

/** The client and the stores of one command. Dispose it at the end. */
export interface Session extends AsyncDisposable {
  /** What reaches registries; made when it is first asked for. */
  client(): Promise<Client>;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** Opens the repository of a reference; closed with the session. */
  open(reference: Reference): Promise<OpenedStore>;
}

/** Checks the flags; reads no settings before a registry is asked for. */
export function openSession(io: Io, call: RegctlCall): Session {
  checkLimits(call.flags);
  const dryRun = call.flags["dry-run"] ?? false;
  const stores = new AsyncDisposableStack();
  let made: Promise<Client> | undefined;
  // A layout needs no client, which takes long to load.
  const client = () =>
    made ??= import("./client.ts").then(async ({ openClient }) =>
      stores.use(await openClient(io, call))
    );
  // One store a repository: a copy within a repository must see that it is one.
  const opened = new Map<string, OpenedStore>();
  const open = async (reference: Reference) => {
    const { scheme, registry, repository, path } = reference;
    const key = `${scheme} ${registry} ${repository} ${path}`;
    const known = opened.get(key);
    if (known) return known;
    const store = scheme === "ocidir"
      ? await openLocal(io, path)
      : await (await client()).open(reference);
    const used = dryRun ? await openDry(io, store) : store;
    opened.set(key, stores.use(used));
    return used;
  };
  return {
    client,
    dryRun,
    open,
    [Symbol.asyncDispose]: () => stores.disposeAsync(),
  };
}

/** What is in force for a registry, from all places. */
export async function effectiveHost(
  io: Io,
  call: RegctlCall,
  name: string,
): Promise<HostConfig> {
  await using session = openSession(io, call);
  return (await session.client()).hosts.get(name);
}

async function openLocal(io: Io, path: string): Promise<OpenedStore> {
  const { openLayout } = await import("../../registry/store/layout.ts");
  const created = sourceDate(io.env);
  return await openLayout(path, created ? { created } : {});
}

async function openDry(io: Io, store: OpenedStore): Promise<OpenedStore> {
  const { DryStore } = await import("../../registry/dry_store.ts");
  return new DryStore(store, (change) => io.stdout.write(sentence(change)));
}

function sentence({ type, store, node, tag }: DryChange): string {
  const what = type === "delete tag" ? tag : node?.digest;
  const size = type === "push blob" && node && node.size >= 0
    ? ` (${node.size} bytes)`
    : "";
  const as = tag !== undefined && type !== "delete tag" ? ` as tag ${tag}` : "";
  const side = type.startsWith("delete") ? "of" : "to";
  return `would ${type} ${what}${size} ${side} ${store}${as}\n`;
}

/** A wait of nothing could only fail, and fewer tries than one are none. */
function checkLimits({ retries = 0, timeout = 1 }: RegctlCall["flags"]): void {
  if (retries < 0) {
    throw new RegError("usage", `Cannot use "--retries ${retries}": below 0`);
  }
  if (timeout <= 0) {
    throw new RegError(
      "usage",
      `Cannot use "--timeout ${timeout}ms": it must be longer than nothing`,
    );
  }
}

/**
 * Demands a repository with a tag or a digest, as a command needs it.
 *
 * @throws {RegError} `reference`
 */
export function needDigest(reference: Reference, what: string): string {
  if (reference.digest !== "") return reference.digest;
  throw new RegError("reference", `${what}, reference ${reference.reference}`);
}
