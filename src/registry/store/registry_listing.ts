/**
 * The list of referrers that stands under a tag where a registry has no API for
 * it: read, changed and written, by several processes at the same time perhaps.
 *
 * A registry that knows conditions (RFC 9110, `If-Match`) lets nobody overwrite
 * what he has not read. The others do: so the tag is looked at once more after it
 * was written, and what another writer has lost is written again.
 *
 * @module
 */
import { Batcher, type Outcome } from "../../base/batcher.ts";
import { isRegError, RegError } from "../../base/errors.ts";
import { sleep } from "../../base/sleep.ts";
import type { CallOptions, Digest, ManifestBytes } from "../core.ts";
import { algorithmOf } from "../digest.ts";
import type { JsonObject } from "../go_json.ts";
import { HttpError } from "../http/response_error.ts";
import {
  describeManifest,
  type IndexManifest,
  parseManifest,
} from "../manifest.ts";
import {
  encodeReferrers,
  fallbackTag,
  isEmptyList,
  NO_REFERRERS,
} from "../referrers_index.ts";
import type { RegistryContext } from "./registry_context.ts";
import { getManifest, headManifest, putManifest } from "./registry_manifest.ts";

/** How often a list is written again where others write it too. */
const ATTEMPTS = 5;

/** A change of a list. */
export interface ListingChange extends CallOptions {
  /** Makes the next list; `undefined` where it stays as it is. */
  readonly change: (list: JsonObject) => JsonObject | undefined;
  /** Deletes the tag when nothing is left in the list. */
  readonly untag?: ((tag: string) => Promise<void>) | undefined;
}

interface Item extends ListingChange {
  readonly context: RegistryContext;
  readonly subject: Digest;
}

/** What changes the same list, in this process. */
const batchers = new Map<
  string,
  { users: number; batcher: Batcher<Item, void> }
>();

/** Changes the list of a subject's referrers, together with all who do so now. */
export async function changeListing(
  context: RegistryContext,
  subject: Digest,
  options: ListingChange,
): Promise<void> {
  const key = `${context.name}:${fallbackTag(subject)}`;
  const used = batchers.get(key) ?? { users: 0, batcher: new Batcher(apply) };
  batchers.set(key, used);
  used.users++;
  try {
    const { signal } = options;
    await used.batcher.run({ ...options, context, subject }, { signal });
  } finally {
    if (--used.users === 0) batchers.delete(key);
  }
}

async function apply(
  items: readonly Item[],
): Promise<readonly Outcome<void>[]> {
  for (let attempt = 1; !await isDone(items); attempt++) {
    const { context, subject } = items[0]!;
    if (attempt === ATTEMPTS) {
      context.log.warn("Others keep changing a list of referrers", {
        name: context.name,
        tag: fallbackTag(subject),
      });
      break;
    }
    // Not in step with the others.
    await sleep(Math.random() * attempt * context.firstWaitMs);
  }
  return items.map(() => ({ result: undefined }));
}

/** Reads, changes and writes the list; tells whether the changes are in it now. */
async function isDone(items: readonly Item[]): Promise<boolean> {
  const [first] = items;
  if (first === undefined) return true;
  const { context, subject } = first;
  const signal = items.every((item) => item.signal === first.signal)
    ? first.signal
    : undefined;
  const tag = fallbackTag(subject);
  const there = await readListing(context, tag, { signal, direct: true });
  const list: JsonObject = there?.index.json ?? NO_REFERRERS;
  const next = items.reduce((list, { change }) => change(list) ?? list, list);
  if (next === list) return true;
  const untag = items.find((item) => item.untag)?.untag;
  if (isEmptyList(next) && untag) {
    await untag(tag);
    return true;
  }
  const manifest = describeManifest(
    encodeReferrers(next),
    "",
    algorithmOf(subject),
  );
  if (!await isPut(context, manifest, { tag, there, signal })) return false;
  const now = await headManifest(context, tag, { signal, direct: true })
    .catch((error: unknown) => {
      if (isRegError(error, "not_found")) return undefined;
      throw error;
    });
  return now?.digest === manifest.descriptor.digest;
}

/** Writes a list in the place of the one that was read; false where that has changed. */
async function isPut(
  context: RegistryContext,
  manifest: ManifestBytes,
  options: CallOptions & {
    readonly tag: string;
    readonly there: ManifestBytes | undefined;
  },
): Promise<boolean> {
  const { tag, there, signal } = options;
  const etag = there?.headers?.get("etag");
  const condition: Record<string, string> = there === undefined
    ? { "if-none-match": "*" }
    : etag
    ? { "if-match": etag }
    : {};
  try {
    await putManifest(context, manifest, { tag, signal, headers: condition });
    return true;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.status === 412) return false;
    // 501 is what some answer to conditions that they do not know.
    if (![400, 501].includes(error.status)) throw error;
    await putManifest(context, manifest, { tag, signal });
    return true;
  }
}

/** Reads the list under a tag; `undefined` where there is none. */
export async function readListing(
  context: RegistryContext,
  tag: string,
  options: CallOptions & { readonly direct?: boolean } = {},
): Promise<ManifestBytes & { readonly index: IndexManifest } | undefined> {
  try {
    const found = await getManifest(context, tag, options);
    const index = parseManifest(found.bytes, found.descriptor.mediaType);
    if (index.kind === "index") return { ...found, index };
    throw new RegError(
      "invalid",
      `Cannot read referrers: ${
        JSON.stringify(`${context.name}:${tag}`)
      } is no index`,
    );
  } catch (error) {
    if (isRegError(error, "not_found")) return undefined;
    throw error;
  }
}
