/**
 * Which steps have to wait for which, so that a run does what a run in the
 * order of the file would do: pure functions.
 *
 * @module
 */
import type { SyncStep } from "../../config/regsync_steps.ts";
import {
  parseReference,
  repositoryName,
  tagOrDigest,
} from "../../registry/reference.ts";

/** Images that a step reads or writes. */
interface Access {
  /** A repository, or where `tree` is set everything below a registry or a path. */
  readonly name: string;
  readonly tree: boolean;
  /** The one tag; none stands for all. */
  readonly tag?: string;
  readonly writes: boolean;
}

/**
 * For each step the earlier ones that it waits for: those that write what it
 * reads or writes, and those that read what it writes.
 */
export function dependencies(
  steps: readonly Pick<SyncStep, "source" | "target" | "type">[],
): readonly (readonly number[])[] {
  const seen = new Map<string, { readonly step: number; access: Access }[]>();
  const trees: { readonly step: number; readonly access: Access }[] = [];
  return steps.map((step, index) => {
    const found = new Set<number>();
    for (const access of accessesOf(step)) {
      const others = access.tree
        ? [...trees, ...[...seen.values()].flat()]
        : [...trees, ...seen.get(access.name) ?? []];
      for (const other of others) {
        if (other.step !== index && conflict(access, other.access)) {
          found.add(other.step);
        }
      }
      if (access.tree) trees.push({ step: index, access });
      else {
        const list = seen.get(access.name) ?? [];
        list.push({ step: index, access });
        seen.set(access.name, list);
      }
    }
    return [...found].sort((a, b) => a - b);
  });
}

function accessesOf(
  { source, target, type }: Pick<SyncStep, "source" | "target" | "type">,
): Access[] {
  return [accessOf(source, type, false), accessOf(target, type, true)]
    .filter((access) => access !== undefined);
}

function accessOf(
  text: string,
  type: string,
  writes: boolean,
): Access | undefined {
  if (type === "registry") {
    return { name: text, tree: true, writes };
  }
  try {
    const ref = parseReference(text);
    const name = repositoryName(ref);
    return type === "image"
      ? { name, tree: false, tag: tagOrDigest(ref), writes }
      : { name, tree: false, writes };
  } catch {
    return undefined; // the step itself will say so
  }
}

function conflict(a: Access, b: Access): boolean {
  if (!a.writes && !b.writes) return false;
  if (a.tree || b.tree) return within(a, b) || within(b, a);
  return a.name === b.name &&
    (a.tag === undefined || b.tag === undefined || a.tag === b.tag);
}

function within(inner: Access, tree: Access): boolean {
  return tree.tree &&
    (inner.name === tree.name || inner.name.startsWith(`${tree.name}/`));
}
