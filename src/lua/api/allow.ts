/**
 * What a script may reach.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import {
  commonName,
  type Reference,
  repositoryName,
} from "../../registry/reference.ts";

/** What can be done to a repository. */
export type Action = "read" | "write" | "delete";

/** The lists of a script; where one is left out, its default holds. */
export interface AllowLists {
  /** Registries and repositories to read, such as `ghcr.io` or `ghcr.io/acme/*`. All where left out. */
  readonly read?: readonly string[] | undefined;
  /** Registries and repositories to write. All where left out. */
  readonly write?: readonly string[] | undefined;
  /** Registries and repositories to delete from. All where left out. */
  readonly delete?: readonly string[] | undefined;
  /** Directories for files, layouts and modules. */
  readonly directories?: readonly string[] | undefined;
  /** Names of variables that `os.getenv` gives. None where left out. */
  readonly env?: readonly string[] | undefined;
}

const DOING: Readonly<Record<Action, string>> = {
  read: "reading",
  write: "writing",
  delete: "deleting from",
};

/**
 * Refuses what is not in a script's lists.
 *
 * @throws {RegError} `denied`, naming the key that would allow it.
 */
export function checkRepository(
  lists: AllowLists,
  action: Action,
  ref: Reference,
): void {
  const list = lists[action];
  // Layouts are directories: those have a list of their own.
  if (list === undefined || ref.scheme !== "reg") return;
  const name = repositoryName(ref);
  if (list.some((pattern) => covers(pattern, ref.registry, name))) return;
  throw new RegError(
    "denied",
    `${DOING[action]} ${
      JSON.stringify(name || commonName(ref))
    } is not allowed; add it to "allow.${action}"`,
  );
}

/** Refuses a registry of which a script may read nothing. */
export function checkRegistry(lists: AllowLists, registry: string): void {
  const list = lists.read;
  if (list === undefined) return;
  if (list.some((pattern) => covers(pattern, registry, `${registry}/`))) return;
  throw new RegError(
    "denied",
    `listing ${
      JSON.stringify(registry)
    } is not allowed; add it to "allow.read"`,
  );
}

/** A registry covers its repositories; `*` stands for any characters. */
function covers(
  pattern: string,
  registry: string,
  repository: string,
): boolean {
  if (pattern === "*" || pattern === registry) return true;
  if (pattern.endsWith("/*") && repository === `${pattern.slice(0, -1)}`) {
    return true;
  }
  const parts = pattern.split("*");
  const [head = "", ...rest] = parts;
  if (!repository.startsWith(head)) return false;
  let at = head.length;
  for (const [i, part] of rest.entries()) {
    const last = i === rest.length - 1;
    const found = last
      ? repository.length - part.length
      : repository.indexOf(part, at);
    if (found < at || !repository.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return at === repository.length;
}

/** Refuses a variable that is not in a script's list. */
export function mayRead(lists: AllowLists, name: string): boolean {
  return lists.env?.includes(name) ?? false;
}
