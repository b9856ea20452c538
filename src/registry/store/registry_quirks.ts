/**
 * What registries do otherwise than the specification: one table, a source a row.
 *
 * @module
 */
import type { HostConfig } from "../http/hosts.ts";

/** What to mind about a registry. */
export interface Quirks {
  /** Uploads in several requests work, and what it says of them is right. */
  readonly chunks: boolean;
}

interface Row extends Quirks {
  readonly host: RegExp;
  readonly source: string;
}

const ROWS: readonly Row[] = [
  {
    // Refuses chunks above 4 MiB with 416, whatever it was asked before.
    host: /^ghcr\.io$/,
    chunks: false,
    source: "https://github.com/ocx-sh/ocx/pull/237",
  },
  {
    // Does not say how much it has: its `Range` stays where the first chunk ended.
    host: /^\d+\.dkr\.ecr[.-].*\.amazonaws\.com(\.cn)?$|^public\.ecr\.aws$/,
    chunks: false,
    source: "https://github.com/aws/containers-roadmap/issues/2831",
  },
];

/** What to mind about a registry, by its name or where it is reached. */
export function quirksOf({ name, hostname = name }: HostConfig): Quirks {
  const row = ROWS.find(({ host }) => host.test(name) || host.test(hostname));
  return row ?? { chunks: true };
}
