/**
 * Splits the work among several processes that share one file.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { RegError } from "../../base/errors.ts";
import { type Reference, repositoryName } from "../../registry/reference.ts";

/** One of several equal parts of the work. */
export interface Shard {
  /** Which one, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
}

/**
 * Parses `i/n`.
 *
 * @throws {RegError} `usage`.
 */
export function parseShard(text: string): Shard {
  const [, index = "", count = ""] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (count !== "" && shard.index < shard.count) return shard;
  throw new RegError(
    "usage",
    `Cannot parse shard ${
      JSON.stringify(text)
    }: expected INDEX/COUNT with 0 <= INDEX < COUNT, such as 0/4`,
  );
}

/**
 * Tells whether a target is in a shard: each target in one, always the same. All
 * of an OCI layout is in one, as its index is one file.
 */
export function isMine(target: Reference, shard: Shard | undefined): boolean {
  if (!shard || shard.count === 1) return true;
  const name = repositoryName(target);
  const key = target.scheme === "reg"
    ? `${name}:${target.tag}@${target.digest}`
    : name;
  const hash = createHash("sha256").update(key).digest().readUInt32BE();
  return hash % shard.count === shard.index;
}
