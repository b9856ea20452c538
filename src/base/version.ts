/**
 * What this build is.
 *
 * @module
 */

/** Facts that the build writes into the program, as JSON; see `scripts/bundle.ts`. */
declare const REGKIT_BUILD: string | undefined;

/** What the build knew of its sources. */
interface BuildFacts {
  /** The commit. */
  readonly commit: string;
  /** When the commit was made, RFC 3339. */
  readonly date: string;
  /** `clean`, or `dirty` where the sources differ from the commit. */
  readonly state: string;
}

/** The version; the same as in `deno.json`. */
export const VERSION = "0.1.0";

/** What the build knew of its sources; empty texts when run from source. */
export const BUILD: BuildFacts = typeof REGKIT_BUILD === "undefined"
  ? { commit: "", date: "", state: "" }
  : JSON.parse(REGKIT_BUILD);
