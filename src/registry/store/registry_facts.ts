/**
 * What one process has learnt about registries while it talks to them.
 *
 * @module
 */

/** How long a repository is believed to have no referrers API, in milliseconds. */
const NO_REFERRERS_MS = 5 * 60_000;

/** Facts by registry or repository, kept as long as the client. */
export class RegistryFacts {
  readonly #chunkMinimum = new Map<string, number>();
  readonly #noReferrers = new Map<string, number>();

  /** A registry asked for chunks of at least this many bytes. */
  learnChunkMinimum(registry: string, bytes: number): void {
    if (Number.isSafeInteger(bytes) && bytes > 0) {
      this.#chunkMinimum.set(registry, bytes);
    }
  }

  /** The smallest chunk that a registry wants, in bytes; 0 where it does not say. */
  chunkMinimum(registry: string): number {
    return this.#chunkMinimum.get(registry) ?? 0;
  }

  /** A repository answered that it has no referrers API. */
  learnNoReferrers(name: string): void {
    this.#noReferrers.set(name, Date.now() + NO_REFERRERS_MS);
  }

  /** Tells whether a repository said lately that it has no referrers API. */
  lacksReferrers(name: string): boolean {
    return (this.#noReferrers.get(name) ?? 0) > Date.now();
  }
}
