/**
 * Waits until an account has enough pulls left: what one step learns about it,
 * all others know.
 *
 * @module
 */
import { toMilliseconds } from "../../base/duration.ts";
import { retryAfter } from "../../base/backoff.ts";
import { isRegError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { CallOptions } from "../../registry/core.ts";
import { HttpError } from "../../registry/http/response_error.ts";
import type { RateLimit } from "../../registry/rate_limit.ts";
import type { RateLimitSetting } from "../../config/regsync_steps.ts";
import { type Clock, sleepUntil } from "../../schedule/clock.ts";
import { Cancelled } from "./cancelled.ts";

/** Options for {@linkcode RateGate}. */
export interface RateGateOptions {
  /** Tells the time. */
  readonly clock: Clock;
  /** Takes a line for each wait. */
  readonly log: Log;
}

/** One step at the gate. */
export interface Passage extends CallOptions {
  /** The source's registry and the account there: who shares the limit. */
  readonly account: string;
  /** How log lines name the source. */
  readonly source: string;
  /** What the step asks for. */
  readonly setting: RateLimitSetting;
  /** Asks the source for the limit. */
  readonly look: () => Promise<RateLimit>;
  /** Waits for a slot to copy. */
  readonly acquire: () => Promise<Disposable>;
}

/** An account that has too few pulls left. */
interface Shortage {
  readonly limit: RateLimit;
  /** When it is looked at again. */
  readonly until: number;
}

/** The gate before all copies of one process. */
export class RateGate {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #short = new Map<string, Shortage>();
  readonly #warned = new Set<string>();

  /** Makes a gate that knows nothing yet. */
  constructor({ clock, log }: RateGateOptions) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Waits for a slot and for the limit; no slot is held while waiting for the
   * limit, so that steps from other sources go on.
   *
   * @returns The slot.
   * @throws {Cancelled} Where the signal aborts a wait.
   */
  async pass(passage: Passage): Promise<Disposable> {
    const { account, setting, source } = passage;
    for (;;) {
      const known = this.#known(account);
      if (known && known.limit.remain < setting.min) {
        await this.#wait(passage, known);
        continue;
      }
      const slot = await passage.acquire();
      try {
        // Another step may have learnt more while this one waited for its slot.
        const news = this.#known(account);
        const isShort = news !== undefined && news.limit.remain < setting.min;
        if (!isShort && await this.#look(passage) === undefined) return slot;
      } catch (error) {
        slot[Symbol.dispose]();
        this.#log.error("rate limit check failed", {
          source,
          error: error as Error,
        });
        throw error;
      }
      slot[Symbol.dispose]();
    }
  }

  #known(account: string): Shortage | undefined {
    const shortage = this.#short.get(account);
    return shortage && shortage.until > this.#clock.now()
      ? shortage
      : undefined;
  }

  /** Asks the source; what is left where it is too little. */
  async #look(passage: Passage): Promise<Shortage | undefined> {
    const { account, source, setting } = passage;
    const { limit, waitMs } = await lookOrNone(passage);
    if (this.#isHopeless(limit, passage)) return undefined;
    if (limit.remain < setting.min) {
      const until = this.#clock.now() +
        Math.max(waitMs, toMilliseconds(setting.retry));
      const shortage = { limit, until };
      this.#short.set(account, shortage);
      return shortage;
    }
    this.#short.delete(account);
    this.#log.debug("Rate limit passed", {
      source,
      "source-remain": limit.remain,
      "step-min": setting.min,
    });
    return undefined;
  }

  /** Waiting cannot help: the limit is gone, or lower than what is asked for. */
  #isHopeless(limit: RateLimit, passage: Passage): boolean {
    const { account, source, setting } = passage;
    if (!limit.set) {
      this.#warn(account, "Rate limit is not reported any more, going on", {
        source,
      });
      return true;
    }
    if (limit.limit <= 0 || setting.min <= limit.limit) return false;
    this.#warn(
      `${account} ${setting.min}`,
      "Rate limit minimum is above the limit, going on",
      { source, "source-limit": limit.limit, "step-min": setting.min },
    );
    return true;
  }

  #warn(
    key: string,
    message: string,
    attributes: Record<string, string | number>,
  ): void {
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#log.warn(message, attributes);
  }

  async #wait(passage: Passage, { limit, until }: Shortage): Promise<void> {
    const { signal, source, setting } = passage;
    this.#log.info("Delaying for rate limit", {
      source,
      "source-remain": limit.remain,
      "source-limit": limit.limit,
      "step-min": setting.min,
      sleep: setting.retry,
    });
    try {
      await sleepUntil(until, { clock: this.#clock, signal });
    } catch {
      throw new Cancelled("task was canceled");
    }
  }
}

/** A registry that refuses to answer has nothing left, for as long as it says. */
async function lookOrNone(
  { look }: Passage,
): Promise<{ readonly limit: RateLimit; readonly waitMs: number }> {
  try {
    return { limit: await look(), waitMs: 0 };
  } catch (error) {
    if (!isRegError(error, "rate_limited")) throw error;
    const limit = { remain: 0, limit: 0, reset: 0, set: true, policies: [] };
    const waitMs = error instanceof HttpError
      ? retryAfter(error.headers.get("retry-after"))
      : undefined;
    return { limit, waitMs: waitMs ?? 0 };
  }
}
