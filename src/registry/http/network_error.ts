/**
 * Why a registry could not be reached.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";

/** What stood in the way, as far as it can be told. */
export type NetworkReason =
  | "plain"
  | "certificate"
  | "name"
  | "refused"
  | "proxy"
  | "other";

/** A request that got no answer. */
export class NetworkError extends RegError {
  /** What stood in the way. */
  readonly reason: NetworkReason;

  /**
   * Makes the error from the words of the network, which are all that clients
   * give.
   *
   * @param message What could not be done.
   * @param words The network's own words.
   */
  constructor(message: string, words: string, options?: ErrorOptions) {
    super("network", message, options);
    this.reason = reasonOf(words);
  }
}

const REASONS: readonly (readonly [NetworkReason, RegExp])[] = [
  ["proxy", /tunnel|proxy auth/i], // what hyper says of an answer to CONNECT
  ["plain", /InvalidContentType|wrong version number/i],
  ["certificate", /certificate|UnknownIssuer|self.signed|CaUsedAsEndEntity/i],
  ["name", /dns error|ENOTFOUND|EAI_AGAIN|lookup address/i],
  ["refused", /refused|unreachable|ECONNREFUSED|EHOSTUNREACH/i],
];

function reasonOf(words: string): NetworkReason {
  return REASONS.find(([, pattern]) => pattern.test(words))?.[0] ?? "other";
}

/** What stood in the way, by an error or by what led to it. */
export function networkReason(error: unknown): NetworkReason | undefined {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    if (at instanceof NetworkError) return at.reason;
    seen.add(at);
  }
  return undefined;
}
