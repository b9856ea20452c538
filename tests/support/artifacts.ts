/** What a command line of `regctl artifact put` says of its content. */
import type { ContentFlags } from "../../src/cmd/regctl/artifact_types.ts";

/** The flags as they are where none is given, but for these. */
export function contentFlags(flags: Partial<ContentFlags>): ContentFlags {
  return {
    "artifact-type": undefined,
    "config-file": undefined,
    "config-type": undefined,
    file: [],
    "file-media-type": [],
    "file-title": false,
    "strip-dirs": false,
    ...flags,
  };
}
