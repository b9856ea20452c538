/**
 * What belongs to an image and points at it: referrers and digest tags.
 *
 * They point the other way than children do, so they are roots of their own,
 * found round by round; a digest that was seen is not followed again, which
 * also ends loops.
 *
 * @module
 */
import type { Descriptor } from "./core.ts";
import { can } from "./core.ts";
import type { Copy, CopyGraphOptions } from "./copy_options.ts";
import { at } from "./copy_error.ts";

/** Copies the referrers and digest tags of all manifests of a copy, and theirs. */
export async function copyExtras(copy: Copy): Promise<void> {
  const { referrers, digestTags = false } = copy.options;
  if (!referrers && !digestTags) return;
  const tags = digestTags ? await sourceTags(copy) : [];
  const seen = new Set<string>();
  const fallbacks = new Set<string>();
  for (let done = 0; done < copy.manifests.length;) {
    const round = copy.manifests.slice(done)
      .filter((node) => !seen.has(node.digest) && seen.add(node.digest));
    done = copy.manifests.length;
    if (referrers) {
      await copy.all(
        round,
        (node) => copyReferrers(copy, node, seen, fallbacks),
      );
    }
    await copy.all(
      round.flatMap((node) => digestTagsOf(node, tags))
        .filter((tag) => !fallbacks.has(tag)),
      (tag) => copyRoot(copy, tag, { tag }),
    );
  }
}

async function copyReferrers(
  copy: Copy,
  node: Descriptor,
  seen: ReadonlySet<string>,
  fallbacks: Set<string>,
): Promise<void> {
  const { referrers = {}, signal } = copy.options;
  const { keep = () => true } = referrers;
  const from = referrers.from ?? copy.options.from;
  const to = referrers.to ?? copy.options.to;
  if (!can(from, "referrers")) return;
  const list = await at(
    "source",
    ["list referrers of", from, node],
    () => from.referrers(node, { signal }),
  );
  if (list.fallbackTag !== undefined) fallbacks.add(list.fallbackTag);
  const wanted = list.descriptors.filter((d) => keep(d) && !seen.has(d.digest));
  await copy.all(
    wanted,
    (referrer) => copyRoot(copy, referrer.digest, { from, to, child: true }),
  );
}

/** Copies another root; its manifests are looked at in the next round. */
async function copyRoot(
  copy: Copy,
  root: string,
  change: Partial<CopyGraphOptions>,
): Promise<void> {
  const other = copy.another(change);
  await other.start(root);
  copy.manifests.push(...other.manifests);
}

async function sourceTags(copy: Copy): Promise<string[]> {
  const { from, signal } = copy.options;
  if (!can(from, "tags")) return [];
  return await at("source", ["list tags", from], async () => {
    const tags: string[] = [];
    for await (const page of from.tags({ signal })) tags.push(...page.names);
    return tags;
  });
}

function digestTagsOf(node: Descriptor, tags: readonly string[]): string[] {
  const prefix = node.digest.replace(":", "-");
  return tags.filter((tag) => tag.startsWith(prefix));
}
