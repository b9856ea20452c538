/**
 * What the handlers of one registry share.
 *
 * @module
 */
import type { Log } from "../base/log.ts";
import type { Storage } from "./storage.ts";
import type { Uploads } from "./uploads.ts";

/** Limits of a registry. */
export interface Limits {
  /** The largest manifest, in bytes; at most 8 MiB, since nobody reads larger ones. */
  readonly maxManifest: number;
  /** The largest blob, in bytes. */
  readonly maxBlob: number;
  /** The smallest chunk but the last of a chunked upload, in bytes. */
  readonly minChunk: number;
  /** The most names on a page of tags or repositories. */
  readonly pageSize: number;
  /** The most entries on a page of referrers. */
  readonly referrersPageSize: number;
  /** The longest wait for the next bytes of a request, in milliseconds. */
  readonly idleMs: number;
}

/** What the handlers of one registry share. */
export interface Context {
  /** Where the content is. */
  readonly storage: Storage;
  /** The upload sessions. */
  readonly uploads: Uploads;
  /** Its limits. */
  readonly limits: Limits;
  /** Takes manifests whose children are not there. */
  readonly sparse: boolean;
  /** Takes no changes. */
  readonly readOnly: boolean;
  /** Takes what should not happen. */
  readonly log: Log;
}
