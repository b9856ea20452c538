/**
 * What registries do otherwise than the specification: one table, a source a row.
 *
 * @module
 */
import type { HostConfig } from "../http/hosts.ts";

/** What to mind about a registry. */
export interface Quirks {
  /** Uploads in several requests work. */
  readonly chunks: boolean;
}

interface Row extends Quirks {
  readonly host: RegExp;
  readonly source: string;
}

const ROWS: readonly Row[] = [
  {
    host: /^ghcr\.io$/,
    chunks: false,
    source: "https://github.com/oras-project/oras-go/issues/841",
  },
];

/** What to mind about a registry, by the name of its host. */
export function quirksOf(host: HostConfig): Quirks {
  const name = host.hostname ?? host.name;
  return ROWS.find((row) => row.host.test(name)) ?? { chunks: true };
}
