/**
 * Runs a script with the whole interface, against a registry of the test.
 *
 * @module
 */
import { Log, type LogRecord } from "../../../src/base/log.ts";
import { Semaphore } from "../../../src/base/semaphore.ts";
import type { AllowLists } from "../../../src/lua/api/allow.ts";
import { Directories } from "../../../src/lua/api/directories.ts";
import { ApiHost, INTERFACE } from "../../../src/lua/api/mod.ts";
import type { Session } from "../../../src/lua/api/session.ts";
import type { Outcome } from "../../../src/lua/engine/script.ts";
import { LuaPool } from "../../../src/lua/pool.ts";
import { Client } from "../../../src/registry/open.ts";
import { Run } from "../../../src/registry/run.ts";

/** What a script is run with. */
export interface ApiOptions {
  /** The registry, `host:port`; `S` in the script stands for it. */
  readonly registry?: string;
  readonly dryRun?: boolean;
  readonly allow?: AllowLists;
  /** Directories for files. */
  readonly directories?: readonly string[];
  /** Files out of reach. */
  readonly withheld?: readonly string[];
  readonly gate?: Semaphore;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** What came of a script. */
export interface ApiResult {
  readonly printed: string;
  readonly outcome: Outcome;
  /** The messages of the log with their attributes, from DEBUG on. */
  readonly log: readonly string[];
}

/** Runs a script in a pool of its own. */
export async function runApi(
  source: string,
  options: ApiOptions = {},
): Promise<ApiResult> {
  await using pool = new LuaPool({ interface: INTERFACE, warm: 0 });
  return await runIn(pool, source, options);
}

/** Runs a script in a pool. */
export async function runIn(
  pool: LuaPool,
  source: string,
  options: ApiOptions = {},
): Promise<ApiResult> {
  const { registry = "localhost:1", signal, env = {}, directories = [] } =
    options;
  await using client = new Client({
    hosts: [{ name: registry, tls: "disabled" }],
    retries: 0,
  });
  const records: LogRecord[] = [];
  const session: Session = {
    name: "test",
    client,
    log: new Log(-4, (record) => records.push(record)),
    dryRun: options.dryRun ?? false,
    gate: options.gate ?? new Semaphore(1),
    run: new Run(),
    allow: options.allow ?? {},
    directories: new Directories({
      allowed: directories,
      withheld: options.withheld ?? [],
    }),
    modules: {
      directories,
      files: new Directories({ allowed: directories, withheld: [] }),
    },
    env: (name) => env[name],
    versions: {
      compare: (a, b) => {
        const order = Number(a) - Number(b);
        return Number.isNaN(order) ? undefined : order;
      },
      filter: (tags, range) => tags.filter((tag) => tag >= range),
    },
  };
  const printed: string[] = [];
  using host = new ApiHost(session, (bytes) => {
    printed.push(new TextDecoder().decode(bytes));
  }, signal);
  const text = source.replaceAll(/\bS\//g, `${registry}/`);
  const outcome = await pool.run({
    source: new TextEncoder().encode(text),
    host,
    signal,
  });
  return {
    printed: printed.join("").replaceAll(registry, "S"),
    outcome,
    log: records.map(({ message, attributes }) =>
      `${message} ${
        Object.entries(attributes).filter(([key]) => key !== "script")
          .map(([key, value]) => `${key}=${show(value)}`).join(" ")
      }`.trim().replaceAll(registry, "S")
    ),
  };
}

function show(value: unknown): string {
  return typeof value === "object" && value !== null && "logText" in value
    ? String(value.logText)
    : String(value);
}

/** What a script prints, which has to end well. */
export async function printedBy(
  source: string,
  options: ApiOptions = {},
): Promise<string> {
  const { printed, outcome } = await runApi(source, options);
  if (outcome.type !== "done") throw new Error(JSON.stringify(outcome));
  return printed;
}
