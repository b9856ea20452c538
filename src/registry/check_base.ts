/**
 * Whether an image stands on today's version of its base image.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type { CallOptions, ManifestBytes, Platform, Source } from "./core.ts";
import { parseDigest } from "./digest.ts";
import { isJsonObject, type JsonObject, parseJson } from "./go_json.ts";
import { isSameHistory } from "./history.ts";
import { readBlob } from "./image.ts";
import { isSameLayer } from "./layer_identity.ts";
import { type ImageManifest, parseManifest } from "./manifest.ts";
import { formatPlatform, selectPlatform } from "./platform.ts";
import { parseReference, type Reference, tagOrDigest } from "./reference.ts";

/** Options for {@linkcode checkBase}. */
export interface CheckBaseOptions extends CallOptions {
  /** Opens the base image's repository. */
  readonly open: (reference: Reference) => Promise<Source>;
  /** The base image. @default {what the image's annotations name} */
  readonly base?: string | undefined;
  /** The digest of the base that the image was built on. */
  readonly digest?: string | undefined;
  /** The one platform to check. @default {all of them} */
  readonly platform?: Platform | undefined;
  /** Compares the history in the configs too. @default {true} */
  readonly config?: boolean | undefined;
}

/** What differs; `undefined` where nothing does. */
export type BaseDifference = {
  /** Which comparison found it. */
  readonly kind: "digest" | "layer" | "history";
  /** What was found, for people. */
  readonly message: string;
} | undefined;

/** The annotation that names an image's base. */
const BASE_NAME = "org.opencontainers.image.base.name";
/** The annotation with the digest of an image's base. */
const BASE_DIGEST = "org.opencontainers.image.base.digest";

/**
 * Compares an image with its base: by the base's digest where that is known,
 * else by layers and history.
 *
 * @throws {RegError} `not_found` where no base is named, or an image is missing;
 * `unsupported` for what is no image; `mismatch` for an image with less in it
 * than its base.
 */
export async function checkBase(
  source: Source,
  tagOrDigestOf: string,
  options: CheckBaseOptions,
): Promise<BaseDifference> {
  const { signal } = options;
  const top = await source.manifest(tagOrDigestOf, { signal });
  const annotations = parsed(top).annotations;
  const name = options.base ?? annotations[BASE_NAME];
  if (name === undefined) {
    throw new RegError(
      "not_found",
      "image does not have a base annotation, base image must be provided",
    );
  }
  const digest = options.base === undefined
    ? annotations[BASE_DIGEST] ?? options.digest
    : options.digest;
  const base = parseReference(name);
  const from = await options.open(base);
  return digest === undefined
    ? await new Comparison(source, from, base, options).any(top)
    : await compareDigest(from, base, digest, options);
}

async function compareDigest(
  from: Source,
  base: Reference,
  digest: string,
  { signal }: CallOptions,
): Promise<BaseDifference> {
  const found = await from.resolve(tagOrDigest(base), { signal });
  const expected = parseDigest(digest);
  if (found.digest === expected) return undefined;
  const message =
    `base digest changed, ${base.reference}, expected ${expected}, received ${found.digest}`;
  return { kind: "digest", message };
}

/** The comparison of an image's layers and history with its base's. */
class Comparison {
  readonly #source: Source;
  readonly #from: Source;
  readonly #base: Reference;
  readonly #options: CheckBaseOptions;

  constructor(
    source: Source,
    from: Source,
    base: Reference,
    options: CheckBaseOptions,
  ) {
    this.#source = source;
    this.#from = from;
    this.#base = base;
    this.#options = options;
  }

  /** Compares an image, or all images of an index. */
  async any(
    found: ManifestBytes,
    platform: Platform | undefined = this.#options.platform,
  ): Promise<BaseDifference> {
    const { signal } = this.#options;
    const manifest = parsed(found);
    if (manifest.kind === "image") return await this.#image(manifest, platform);
    if (manifest.kind !== "index") {
      throw new RegError("unsupported", "manifest must be an image");
    }
    const entries = platform
      ? [selectPlatform(manifest.manifests, platform)]
      : manifest.manifests;
    for (const entry of entries) {
      const child = await this.#source.manifest(entry.digest, { signal });
      // An entry that does not say what it runs on is compared as it is.
      const own = platform ?? entry.platform;
      const different = await this.#entry(child, own);
      if (different === undefined) continue;
      if (platform || own === undefined) return different;
      const message = `platform ${
        formatPlatform(own)
      } mismatch: ${different.message}`;
      return { ...different, message };
    }
    return undefined;
  }

  /** Compares an entry; a failure says of which platform. */
  async #entry(
    child: ManifestBytes,
    platform: Platform | undefined,
  ): Promise<BaseDifference> {
    try {
      return await this.any(child, platform);
    } catch (error) {
      if (!(error instanceof RegError) || platform === undefined) throw error;
      throw new RegError(
        error.code,
        `platform ${formatPlatform(platform)} mismatch: ${error.message}`,
        { cause: error },
      );
    }
  }

  async #image(
    image: ImageManifest,
    platform: Platform | undefined,
  ): Promise<BaseDifference> {
    const { signal, config = true } = this.#options;
    const name = this.#base.reference;
    const base = await this.#baseImage(platform);
    if (base.layers.length === 0) {
      throw new RegError("unsupported", "base image has no layers");
    }
    for (const [at, layer] of base.layers.entries()) {
      const own = image.layers[at];
      if (own === undefined) {
        throw new RegError(
          "mismatch",
          "image has fewer layers than base image",
        );
      }
      if (isSameLayer(own, layer)) continue;
      const message =
        `base layer changed, ${name}[${at}], expected ${own.digest}, received ${layer.digest}`;
      return { kind: "layer", message };
    }
    if (!config) return undefined;
    const own = await historyOf(this.#source, image, signal);
    const rows = await historyOf(this.#from, base, signal);
    for (const [at, row] of rows.entries()) {
      if (at >= own.length) {
        throw new RegError(
          "mismatch",
          "image has fewer history entries than base image",
        );
      }
      if (isSameHistory(row, own[at])) continue;
      return {
        kind: "history",
        message: `base history changed, ${name}[${at}]`,
      };
    }
    return undefined;
  }

  async #baseImage(platform: Platform | undefined): Promise<ImageManifest> {
    const { signal } = this.#options;
    let found = await this.#from.manifest(tagOrDigest(this.#base), { signal });
    let manifest = parsed(found);
    if (manifest.kind === "index" && platform) {
      const { digest } = selectPlatform(manifest.manifests, platform);
      found = await this.#from.manifest(digest, { signal });
      manifest = parsed(found);
    }
    if (manifest.kind === "image") return manifest;
    throw new RegError("unsupported", "base image manifest must be an image");
  }
}

function parsed({ bytes, descriptor }: ManifestBytes) {
  return parseManifest(bytes, descriptor.mediaType);
}

async function historyOf(
  source: Source,
  image: ImageManifest,
  signal: AbortSignal | undefined,
): Promise<readonly JsonObject[]> {
  const bytes = await readBlob(source, image.config, { signal });
  const json = parseJson(new TextDecoder().decode(bytes));
  const rows = isJsonObject(json) ? json["history"] : undefined;
  return Array.isArray(rows) ? rows.filter(isJsonObject) : [];
}
