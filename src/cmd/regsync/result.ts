/**
 * What became of an image.
 *
 * @module
 */

/**
 * - `unchanged`: the target was up to date.
 * - `exists`: the target was there, which was enough for this run.
 * - `skipped`: the step does not copy this media type.
 * - `stale`: the target is missing or differs; this run only looks.
 * - `copied`: the target is now like the source.
 * - `refreshed`: what belongs to the image was looked at again.
 * - `failed`: see the reason.
 */
export type Outcome =
  | "unchanged"
  | "exists"
  | "skipped"
  | "stale"
  | "copied"
  | "refreshed"
  | "failed";

/** What became of one image. */
export interface ImageResult {
  /** The index of the step in the file. */
  readonly step: number;
  /** The source's reference. */
  readonly source: string;
  /** The target's reference. */
  readonly target: string;
  /** What became of it. */
  readonly outcome: Outcome;
  /** The digest of the source, of the one platform where the step asks for one. */
  readonly digest?: string | undefined;
  /** The digest that the target had. */
  readonly targetDigest?: string | undefined;
  /** Where the old target was kept. */
  readonly backup?: string | undefined;
  /** Bytes of blobs that were sent. */
  readonly bytes: number;
  /** Why it is stale, or skipped, or failed. */
  readonly reason?: string | undefined;
  /** How long it took. */
  readonly milliseconds: number;
}

/** Sums of a run. */
export interface Totals {
  /** Images that were looked at. */
  readonly checked: number;
  /** Images that were copied or refreshed. */
  readonly copied: number;
  /** Images that were up to date, or that the step leaves out. */
  readonly skipped: number;
  /** Images that are missing or differ, where the run only looked. */
  readonly stale: number;
  /** Images and steps that failed. */
  readonly failed: number;
  /** Bytes of blobs that were sent. */
  readonly bytes: number;
}

/** Counts results while a run goes on. */
export class Tally {
  #results: ImageResult[] | undefined;
  #totals: { -readonly [Key in keyof Totals]: Totals[Key] } = {
    checked: 0,
    copied: 0,
    skipped: 0,
    stale: 0,
    failed: 0,
    bytes: 0,
  };
  /** Images that are known of so far. */
  expected = 0;

  /**
   * Starts at zero.
   *
   * @param keep Whether to keep every result, for a report.
   */
  constructor(keep = false) {
    if (keep) this.#results = [];
  }

  /** The sums so far. */
  get totals(): Totals {
    return { ...this.#totals };
  }

  /** The results, in the order of the file; none where they are not kept. */
  get results(): readonly ImageResult[] {
    const byPlace = (a: ImageResult, b: ImageResult) =>
      a.step - b.step || (a.target < b.target ? -1 : 1);
    return (this.#results ?? []).toSorted(byPlace);
  }

  /** Adds bytes that were sent. */
  addBytes(bytes: number): void {
    this.#totals.bytes += bytes;
  }

  /** Adds what became of an image; its bytes were added as they were sent. */
  add(result: ImageResult): void {
    this.#results?.push(result);
    this.#totals.checked++;
    this.#totals[KEYS[result.outcome]]++;
  }

  /** Adds a step that failed before it came to its images. */
  addFailure(result: ImageResult): void {
    this.#results?.push(result);
    this.#totals.failed++;
  }
}

const KEYS = {
  unchanged: "skipped",
  exists: "skipped",
  skipped: "skipped",
  stale: "stale",
  copied: "copied",
  refreshed: "copied",
  failed: "failed",
} as const satisfies Record<Outcome, keyof Totals>;
