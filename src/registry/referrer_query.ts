/**
 * The referrers of a manifest, chosen and sorted.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import {
  type Abilities,
  can,
  type Descriptor,
  type Referrers,
  type ReferrersOptions,
  type Source,
} from "./core.ts";
import { algorithmOf, hexOf } from "./digest.ts";

/** Which descriptors are wanted, and in which order. */
export interface DescriptorQuery {
  /** What the artifact is. */
  readonly artifactType?: string | undefined;
  /** Annotations that must be there; an empty value takes any. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Sorts by an annotation; those without it come last. */
  readonly sortAnnotation?: string | undefined;
  /** From the largest value down. @default {false} */
  readonly sortDescending?: boolean | undefined;
}

/** The annotation that says when something was made. */
export const CREATED = "org.opencontainers.image.created";
/** The annotation that names a tag. */
export const REF_NAME = "org.opencontainers.image.ref.name";

/** Chooses and sorts descriptors; the order of equal ones stays. */
export function selectDescriptors(
  descriptors: readonly Descriptor[],
  query: DescriptorQuery,
): Descriptor[] {
  const { artifactType = "", annotations = {}, sortAnnotation } = query;
  const found = descriptors.filter((descriptor) =>
    (artifactType === "" || descriptor.artifactType === artifactType) &&
    Object.entries(annotations).every(([key, value]) => {
      const given = descriptor.annotations?.[key];
      return given !== undefined && (value === "" || given === value);
    })
  );
  if (sortAnnotation === undefined || sortAnnotation === "") return found;
  const sign = query.sortDescending ? -1 : 1;
  const valueOf = (one: Descriptor) => one.annotations?.[sortAnnotation];
  return found.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    if (x === y) return 0;
    if (x === undefined) return 1;
    if (y === undefined) return -1;
    return x < y ? -sign : sign;
  });
}

/** Options for {@linkcode queryReferrers}. */
export interface QueryReferrersOptions
  extends ReferrersOptions, DescriptorQuery {
  /** Also lists tags such as `sha256-<hex>.sig` that belong to the subject. @default {false} */
  readonly digestTags?: boolean | undefined;
}

/** The referrers that were asked for. */
export interface QueriedReferrers extends Referrers {
  /** The tags that belong to the subject, if they were asked for. */
  readonly digestTags: readonly string[];
}

/**
 * Lists the referrers of a manifest.
 *
 * @throws {RegError} `unsupported` where the store has none.
 */
export async function queryReferrers(
  store: Source & Partial<Abilities>,
  subject: Descriptor,
  options: QueryReferrersOptions = {},
): Promise<QueriedReferrers> {
  const { signal, slow, artifactType, digestTags = false } = options;
  if (!can(store, "referrers")) {
    throw new RegError(
      "unsupported",
      `Cannot list referrers in "${store.name}"`,
    );
  }
  const list = await store.referrers(subject, { signal, slow, artifactType });
  const tags = digestTags
    ? await digestTagsOf(store, subject, {
      signal,
      without: list.fallbackTag,
    })
    : [];
  return {
    ...list,
    descriptors: selectDescriptors([...list.descriptors, ...tags], options),
    digestTags: tags.map(({ annotations }) => annotations?.[REF_NAME] ?? ""),
  };
}

interface DigestTagsOptions extends ReferrersOptions {
  /** The tag that holds the list of referrers itself. */
  readonly without?: string | undefined;
}

/** What the tags that begin with a digest point at, annotated with the tag. */
export async function digestTagsOf(
  store: Source & Partial<Abilities>,
  { digest }: Descriptor,
  options: DigestTagsOptions = {},
): Promise<Descriptor[]> {
  const { without, signal } = options;
  if (!can(store, "tags")) return [];
  const prefix = `${algorithmOf(digest)}-${hexOf(digest)}`;
  const found: Descriptor[] = [];
  for await (const { names } of store.tags({ signal })) {
    for (const tag of names) {
      if (!tag.startsWith(prefix) || tag === without) continue;
      const { headers: _, ...node } = await store.resolve(tag, { signal });
      found.push({ ...node, annotations: { [REF_NAME]: tag } });
    }
  }
  return found;
}
