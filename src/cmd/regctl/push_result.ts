/**
 * Pushes the manifest that a command made, and prints what it is told to.
 *
 * @module
 */
import { jsonText, print } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";
import type { ManifestBytes } from "../../registry/core.ts";
import type { Reference } from "../../registry/reference.ts";
import { targetTag } from "../../registry/target.ts";
import type { Session } from "./session.ts";

/** Pushes without a tag. */
export const BY_DIGEST = {
  "by-digest": {
    kind: "switch",
    summary: "Push manifest by digest instead of tag, and print the digest",
  },
} as const;

/** The call of a command that makes a manifest. */
export interface PushCall {
  /** Its flags. */
  readonly flags: {
    readonly "by-digest"?: boolean;
    readonly "dry-run": boolean;
    readonly format?: string | undefined;
    readonly output?: string | undefined;
  };
  /** What the command line holds. */
  readonly given: ReadonlySet<string>;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
}

/** What to push, and where. */
export interface PushResultOptions {
  /** Has the store. */
  readonly session: Session;
  /** Under which name. */
  readonly reference: Reference;
  /** The manifest. */
  readonly made: ManifestBytes;
}

/**
 * Pushes a manifest under the tag of a reference, or by its digest. Prints the
 * digest where nothing else would name it.
 */
export async function pushResult(
  io: Io,
  call: PushCall,
  options: PushResultOptions,
): Promise<void> {
  const { session, reference, made } = options;
  const { flags, given, signal } = call;
  const { descriptor, bytes } = made;
  const { "by-digest": byDigest = false, format, output } = flags;
  const tag = byDigest ? undefined : targetTag(reference);
  const store = await session.open(reference);
  await store.putManifest(descriptor, bytes, { tag, signal });
  if (session.dryRun) return;
  await print(io, { flags: { format, output }, given, signal }, {
    plain: [
      tag === undefined
        ? '{{ printf "%s\\n" .Manifest.GetDescriptor.Digest }}'
        : "",
    ],
    text: () => tag === undefined ? `${descriptor.digest}\n` : "",
    view: async () => {
      const { manifestResult, manifestView } = await import(
        "../../view/mod.ts"
      );
      return manifestResult(manifestView(made, { reference }));
    },
    json: () => jsonText(descriptor),
  });
}

/** `k=v` texts as a record; a key alone has an empty value. */
export function keyValues(
  texts: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => {
    const at = text.indexOf("=");
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  }));
}
