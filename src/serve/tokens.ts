/**
 * Bearer tokens that this server signs for itself: they need no memory, and end
 * with the process.
 *
 * @module
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** How long a token is good, in seconds. */
export const TOKEN_SECONDS = 300;

/** Signs and checks tokens. */
export class Tokens {
  readonly #key = randomBytes(32);

  /** Makes a token for a user; the empty name stands for everybody. */
  issue(user: string, now: number = Date.now()): string {
    const until = Math.floor(now / 1000) + TOKEN_SECONDS;
    const body = encode(JSON.stringify([user, until]));
    return `${body}.${this.#sign(body)}`;
  }

  /** The user that a token was made for; `undefined` for a bad or an old one. */
  check(token: string, now: number = Date.now()): string | undefined {
    const [body = "", signature = "", ...more] = token.split(".");
    if (more.length > 0 || !isEqual(signature, this.#sign(body))) {
      return undefined;
    }
    const [user, until]: [string, number] = JSON.parse(decode(body));
    return until * 1000 > now ? user : undefined;
  }

  #sign(body: string): string {
    return createHmac("sha256", this.#key).update(body).digest("base64url");
  }
}

function encode(text: string): string {
  return new TextEncoder().encode(text).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

function decode(text: string): string {
  return new TextDecoder().decode(
    Uint8Array.fromBase64(text, { alphabet: "base64url" }),
  );
}

function isEqual(a: string, b: string): boolean {
  const [one, other] = [
    new TextEncoder().encode(a),
    new TextEncoder().encode(b),
  ];
  return one.length === other.length && timingSafeEqual(one, other);
}
