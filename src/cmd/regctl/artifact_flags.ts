/**
 * The flags by which referrers are found.
 *
 * @module
 */
import type { FlagValues } from "../../cli/flags.ts";
import { UsageError } from "../../cli/usage_error.ts";
import type { CallOptions, Descriptor } from "../../registry/core.ts";
import { resolveImage } from "../../registry/image.ts";
import { parsePlatform } from "../../registry/platform.ts";
import { type Reference, tagOrDigest } from "../../registry/reference.ts";
import {
  CREATED,
  type DescriptorQuery,
} from "../../registry/referrer_query.ts";
import { keyValues } from "./push_result.ts";
import type { Session } from "./session.ts";

/** Which referrers. */
export const FILTER_FLAGS = {
  external: {
    kind: "text",
    value: "REPOSITORY",
    completes: "repository",
    summary: "Query referrers from a separate source",
  },
  "filter-annotation": {
    kind: "list",
    value: "KEY=VALUE",
    summary: "Filter by annotation; without a value it must only be there",
  },
  "filter-artifact-type": {
    kind: "text",
    value: "TYPE",
    summary: "Filter by artifactType",
  },
  "slow-referrers": {
    kind: "switch",
    summary: "Search every manifest of a layout for referrers",
  },
} as const;

/** In which order. */
export const SORT_FLAGS = {
  latest: {
    kind: "switch",
    summary: "Sort using the OCI created annotation, the newest first",
  },
  "sort-annotation": {
    kind: "text",
    value: "KEY",
    summary: "Annotation used for sorting results",
  },
  "sort-desc": { kind: "switch", summary: "Sort in descending order" },
} as const;

/** The query that the flags ask for. */
export function queryOf(
  flags:
    & FlagValues<typeof FILTER_FLAGS>
    & Partial<FlagValues<typeof SORT_FLAGS>>,
): DescriptorQuery & { readonly slow: boolean } {
  const { latest = false, "sort-annotation": sort = "" } = flags;
  if (latest && sort !== "") {
    throw new UsageError("--latest cannot be used with --sort-annotation");
  }
  return {
    artifactType: flags["filter-artifact-type"],
    annotations: keyValues(flags["filter-annotation"]),
    sortAnnotation: latest ? CREATED : sort,
    sortDescending: latest || flags["sort-desc"],
    slow: flags["slow-referrers"],
  };
}

/** The manifest that others refer to: of an index one image, where asked. */
export async function resolveSubject(
  session: Session,
  reference: Reference,
  options: CallOptions & { readonly platform?: string | undefined },
): Promise<Descriptor> {
  const { platform = "", signal } = options;
  const store = await session.open(reference);
  const name = tagOrDigest(reference);
  if (platform === "") {
    const { headers: _, ...node } = await store.resolve(name, { signal });
    return node;
  }
  const image = await resolveImage(store, name, {
    platform: parsePlatform(platform),
    signal,
  });
  return image.descriptor;
}
