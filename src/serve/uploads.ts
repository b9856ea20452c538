/**
 * The upload sessions of a server.
 *
 * @module
 */
import { Upload } from "./upload.ts";
import type { Repository } from "./storage.ts";

/** Options for {@linkcode Uploads}. */
export interface UploadsOptions {
  /** Sessions that nobody used for so long are dropped, in milliseconds. */
  readonly expireMs: number;
  /** The most sessions to keep; the longest unused one is dropped for a new one. */
  readonly max: number;
}

/** Upload sessions by repository and identifier. */
export class Uploads {
  readonly #options: UploadsOptions;
  // In the order of last use, since each use moves a session to the end.
  readonly #sessions = new Map<string, Upload>();

  /** Makes an empty table. */
  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Begins a session. */
  async create(repository: Repository, algorithm: string): Promise<Upload> {
    await this.sweep();
    const id = crypto.randomUUID();
    const spool = await repository.createSpool(id);
    return this.#keep(repository, new Upload(id, spool, algorithm));
  }

  /**
   * Finds a session, also one of an earlier run of the server whose bytes are
   * still there.
   */
  async find(repository: Repository, id: string): Promise<Upload | undefined> {
    const known = this.#sessions.get(keyOf(repository, id));
    if (known) return this.#keep(repository, known);
    // Identifiers become file names: nothing but our own form gets further.
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
      return undefined;
    }
    const spool = await repository.findSpool(id);
    const raced = this.#sessions.get(keyOf(repository, id));
    if (raced || !spool) return raced;
    return this.#keep(repository, new Upload(id, spool));
  }

  /** Forgets a session and drops its bytes. */
  async drop(repository: Repository, upload: Upload): Promise<void> {
    upload.end();
    this.#sessions.delete(keyOf(repository, upload.id));
    await upload.spool.remove();
  }

  /** Drops sessions that nobody used for long. */
  async sweep(now: number = Date.now()): Promise<void> {
    for (const [key, upload] of this.#sessions) {
      const isOld = now - upload.used > this.#options.expireMs;
      if (!isOld && this.#sessions.size < this.#options.max) return;
      this.#sessions.delete(key);
      await upload.exclusively(() => {
        upload.end();
        return upload.spool.remove();
      }).catch(() => {});
    }
  }

  #keep(repository: Repository, upload: Upload): Upload {
    const key = keyOf(repository, upload.id);
    this.#sessions.delete(key);
    this.#sessions.set(key, upload);
    return upload;
  }
}

function keyOf(repository: Repository, id: string): string {
  return `${repository.name} ${id}`;
}
