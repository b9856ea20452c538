/**
 * Which entry of an index is the one for a platform: asked for once.
 *
 * @module
 */
import { SingleFlight } from "../../base/single_flight.ts";
import type {
  CallOptions,
  Descriptor,
  Platform,
  Source,
} from "../../registry/core.ts";
import { parseManifest } from "../../registry/manifest.ts";
import { formatPlatform, selectPlatform } from "../../registry/platform.ts";
import { Lru } from "./lru.ts";

/** How many answers are kept; each takes some hundred bytes. */
const LIMIT = 10_000;

/** Answers by index and platform: an index never changes, so they stay right. */
export class PlatformCache {
  readonly #known = new Lru<string, string>(LIMIT);
  readonly #flights = new SingleFlight<string, string>();

  /**
   * The digest of the entry of an index for a platform.
   *
   * @throws {RegError} `not_found` where there is none; what reading throws.
   */
  async resolve(
    source: Source,
    index: Descriptor,
    options: CallOptions & { readonly platform: Platform },
  ): Promise<string> {
    const { platform, signal } = options;
    const version = platform["os.version"] ?? "";
    const key = `${index.digest} ${formatPlatform(platform)} ${version}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    return await this.#flights.run(key, async () => {
      const { bytes, descriptor } = await source.manifest(index.digest, {
        signal,
      });
      const manifest = parseManifest(bytes, descriptor.mediaType);
      const entries = manifest.kind === "index" ? manifest.manifests : [];
      const { digest } = selectPlatform(entries, platform);
      this.#known.set(key, digest);
      return digest;
    });
  }
}
