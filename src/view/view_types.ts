/**
 * The Go types of the views by their names.
 *
 * @module
 */
import type { Type } from "../template/mod.ts";
import { BLOB_READER } from "./blob.ts";
import { BLOB_COMMON } from "./blob_common.ts";
import { CONFIG, HOST } from "./config.ts";
import { DESCRIPTOR } from "./descriptor.ts";
import { ALGORITHM, DIGEST } from "./digest.ts";
import { HEADER } from "./headers.ts";
import { IMAGE, OCI_CONFIG } from "./image.ts";
import { MANIFEST_TYPES } from "./manifest.ts";
import { PLATFORM } from "./platform.ts";
import { RATE_LIMIT } from "./rate_limit.ts";
import { REF } from "./reference.ts";
import { REFERRER_LIST } from "./referrers.ts";
import { REPOSITORY_LIST } from "./repositories.ts";
import { TAG_LIST } from "./tags.ts";
import { TREE } from "./tree.ts";
import { VERSION } from "./version.ts";

/** The Go types of the views, by the name that Go prints. */
export const VIEW_TYPES: ReadonlyMap<string, Type> = new Map(
  [
    ALGORITHM,
    BLOB_COMMON,
    BLOB_READER,
    CONFIG,
    DESCRIPTOR,
    DIGEST,
    HEADER,
    HOST,
    IMAGE,
    OCI_CONFIG,
    PLATFORM,
    RATE_LIMIT,
    REF,
    REFERRER_LIST,
    REPOSITORY_LIST,
    TAG_LIST,
    TREE,
    VERSION,
    ...MANIFEST_TYPES.values(),
  ].map((type) => [type.name, type]),
);
