/**
 * Candidates for values, from the settings and from registries.
 *
 * @module
 */
import { silent } from "../../base/log.ts";
import type { CompletionRequest } from "../../cli/command.ts";
import { can } from "../../registry/core.ts";
import { parseReference } from "../../registry/reference.ts";
import { loadOrWarn } from "./client.ts";
import { openSession, type Session } from "./session.ts";

/** How long a registry may take to answer: nobody waits longer at a prompt. */
const PATIENCE = 3000;
/** How many names are shown at most. */
const MOST = 1000;

/** What people most often build images for. */
const PLATFORMS = [
  "local",
  "linux",
  "windows",
  "freebsd",
  "linux/amd64",
  "linux/386",
  "linux/arm/v5",
  "linux/arm/v6",
  "linux/arm/v7",
  "linux/arm64",
  "linux/mips64le",
  "linux/ppc64le",
  "linux/riscv64",
  "linux/s390x",
  "windows/amd64",
  "freebsd/amd64",
];

/** Candidates for a reference, a repository, a registry or a platform. */
export async function complete(
  request: CompletionRequest,
): Promise<readonly string[]> {
  const { kind, word, io } = request;
  if (kind === "platform") return PLATFORMS;
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(PATIENCE)]);
  await using session = openSession(io, {
    flags: {
      host: [],
      logopt: [],
      verbosity: "",
      retries: 0,
      timeout: PATIENCE,
      "user-agent": undefined,
    },
    log: silent,
    signal,
  });
  const { hosts } = await loadOrWarn(io, silent);
  const registries = [...hosts.keys()].sort();
  if (kind === "registry") return registries;
  if (kind !== "reference" && kind !== "repository") return [];
  const [registry = ""] = word.split("/", 1);
  if (!word.includes("/")) return registries.map((name) => `${name}/`);
  if (word.includes("@")) return [];
  // Of a registry that nobody has configured it is not known whether it tells.
  const names = hosts.has(registry)
    ? await repositories(session, registry, signal)
    : [];
  return kind === "repository"
    ? names
    : [...names, ...await tags(session, word, signal)];
}

async function repositories(
  session: Session,
  registry: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const found: string[] = [];
    const client = await session.client();
    for await (
      const { names } of client.repositories(registry, { signal })
    ) {
      found.push(...names.map((name) => `${registry}/${name}`));
      if (found.length >= MOST) break;
    }
    return found.slice(0, MOST);
  } catch {
    return []; // many registries do not tell
  }
}

async function tags(
  session: Session,
  word: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const name = word.replace(/:[^/:]*$/, "");
  if (name.endsWith("/")) return [];
  const store = await session.open(parseReference(name));
  if (!can(store, "tags")) return [];
  const found: string[] = [];
  for await (const page of store.tags({ signal })) {
    found.push(...page.names.map((tag) => `${name}:${tag}`));
    if (found.length >= MOST) break;
  }
  return found.slice(0, MOST);
}
