/**
 * Shows how a copy gets on, where somebody looks at it.
 *
 * @module
 */
import type { Io } from "../../cli/io.ts";
import { Progress, type ProgressEvent } from "../../cli/progress.ts";
import { isManifestType } from "../../registry/media_types.ts";

/** What a copy reports to. Dispose it when the copy is over. */
export interface Watch extends AsyncDisposable {
  /** Takes the events of a copy; nothing where nothing is shown. */
  readonly onEvent: ((event: ProgressEvent) => void) | undefined;
}

/** The part of a call that decides whether progress is shown. */
export interface WatchCall {
  /** What the command line holds. */
  readonly given: ReadonlySet<string>;
}

/**
 * Shows progress on the standard error, unless the log was asked for: the two
 * would write over each other.
 */
export function watchCopy(io: Io, { given }: WatchCall): Watch {
  if (given.has("verbosity")) {
    return {
      onEvent: undefined,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  return new Progress(io.stderr, {
    isManifest: ({ mediaType }) => isManifestType(mediaType),
  });
}
