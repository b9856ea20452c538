/**
 * Prints manifests.
 *
 * @module
 */
import { indentJson } from "../../base/json_indent.ts";
import { type FormatCall, jsonText, print } from "../../cli/format.ts";
import type { Io } from "../../cli/io.ts";
import type { ManifestBytes, Resolved, Source } from "../../registry/core.ts";
import { resolveImage } from "../../registry/image.ts";
import { localPlatform } from "../../registry/local_platform.ts";
import { formatPlatform } from "../../registry/platform.ts";
import type { Reference } from "../../registry/reference.ts";
import { asksForImage, manifestView, withImage } from "../../view/mod.ts";
import { PRETTY } from "./flags.ts";

/** Options for {@linkcode printManifest}. */
export interface PrintManifestOptions {
  /** What the user asked for. */
  readonly reference: Reference;
  /** What came. */
  readonly manifest: ManifestBytes;
  /** Where it came from: a template may ask an index for its image. */
  readonly store: Source;
  /** Whether the JSON is what is printed by default, not the table. */
  readonly json?: boolean;
}

/** Prints a manifest: as a table or as JSON. */
export async function printManifest(
  io: Io,
  call: FormatCall,
  options: PrintManifestOptions,
): Promise<void> {
  const { manifest, json = false } = options;
  const { bytes, headers } = manifest;
  const text = () => `${indentJson(new TextDecoder().decode(bytes))}\n`;
  await print(io, call, {
    plain: [PRETTY],
    ...(json ? { text } : {}),
    view: () => manifestOrImage(io, call, options),
    json: text,
    headers,
    body: () => bytes,
  });
}

/**
 * The view of a manifest. Where the template asks an index for what only an
 * image has, the fields of the image for this platform are added.
 */
async function manifestOrImage(
  io: Io,
  call: FormatCall,
  { reference, manifest, store }: PrintManifestOptions,
) {
  const { signal, flags: { format = "" } } = call;
  const view = manifestView(manifest, { reference });
  const { env } = io;
  if (!asksForImage(format, view, { env, signal })) return view;
  const platform = localPlatform();
  const image = await resolveImage(store, manifest.descriptor.digest, {
    platform,
    signal,
  });
  io.stderr.writeSync(
    `The manifest is an index: its image for ${
      formatPlatform(platform)
    } is shown\n`,
  );
  return withImage(view, manifestView(image, { reference }));
}

/** Prints what a HEAD request gave: the digest, or what a template says. */
export async function printResolved(
  io: Io,
  call: FormatCall,
  options: { readonly reference: Reference; readonly resolved: Resolved },
): Promise<void> {
  const { reference, resolved } = options;
  const { headers, ...descriptor } = resolved;
  await print(io, call, {
    plain: ["", "digest"],
    text: () => `${resolved.digest}\n`,
    view: () => manifestView({ descriptor, headers }, { reference }),
    json: () => jsonText(descriptor),
    headers,
  });
}
