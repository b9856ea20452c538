/**
 * What the steps of a run share.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import type { Semaphore } from "../../base/semaphore.ts";
import type { SyncStep } from "../../config/regsync_steps.ts";
import type { CallOptions, Resolved } from "../../registry/core.ts";
import type { Client, OpenedStore } from "../../registry/open.ts";
import type { Reference } from "../../registry/reference.ts";
import type { Run } from "../../registry/run.ts";
import type { Clock } from "../../schedule/clock.ts";
import type { TemplateSources } from "../../config/expand.ts";
import type { DeadHosts } from "./dead_hosts.ts";
import type { Action } from "./decide.ts";
import type { PlatformCache } from "./platform_cache.ts";
import type { RateGate } from "./rate_gate.ts";
import type { Tally } from "./result.ts";
import type { Shard } from "./shard.ts";
import type { StorePool } from "./store_pool.ts";

/** What all runs of a process share. */
export interface Context {
  /** Reaches registries and layouts. */
  readonly client: Client;
  /** The stores in use. */
  readonly stores: StorePool;
  /** Where events go. */
  readonly log: Log;
  /** Tells the time. */
  readonly clock: Clock;
  /** Copies at a time. */
  readonly slots: Semaphore;
  /** Looks at images and lists at a time: bounds memory, registries have limits of their own. */
  readonly checks: Semaphore;
  /** Waits for rate limits. */
  readonly rateGate: RateGate;
  /** Targets that could not be reached. */
  readonly deadHosts: DeadHosts;
  /** Entries of indexes that are known. */
  readonly platforms: PlatformCache;
  /** What the templates of backups read. */
  readonly templates: TemplateSources;
}

/** One run over some steps. */
export interface Round extends CallOptions {
  /** What it may do. */
  readonly action: Action;
  /** What its copies share. */
  readonly run: Run;
  /** Which part of the work is done here. */
  readonly shard?: Shard | undefined;
  /** Ends the run at the first failure. @default {false} */
  readonly abortOnError?: boolean | undefined;
  /** Does not copy an image before all that stand before it in the file are done. */
  readonly inOrder?: boolean | undefined;
  /** Ends the run. */
  readonly abort: () => void;
  /** Counts. */
  readonly tally: Tally;
}

/** An image of a step. */
export interface ImageTask {
  /** The step. */
  readonly step: SyncStep;
  /** The step's index in the file. */
  readonly index: number;
  /** The source's reference. */
  readonly source: string;
  /** The target's reference. */
  readonly target: string;
  /** Where the source has no such tag, there is nothing to do. @default {false} */
  readonly optional?: boolean | undefined;
  /** Called where there is none. */
  readonly onAbsent?: (() => void) | undefined;
  /** Where it stands among all that wait to be copied; lower goes first. */
  readonly priority: number;
  /** Copying starts after this. */
  readonly turn?: Promise<void> | undefined;
}

/** One side of an image. */
export interface Side {
  /** What it is called. */
  readonly reference: Reference;
  /** Where it is. */
  readonly store: OpenedStore;
}

/** An image that is being worked on. */
export interface Work {
  /** What was asked for. */
  readonly task: ImageTask;
  /** The source. */
  readonly source: Side;
  /** The target. */
  readonly target: Side;
  /** What the source has. */
  readonly found: Resolved;
  /** What the target has; `null` for nothing, `undefined` where it is not known. */
  readonly there: Resolved | null | undefined;
  /** What is copied: the found manifest, or its entry for the platform. */
  readonly digest: string;
  /** How log lines name the source. */
  readonly label: string;
}

/** Images of a step are queued before those of the steps after it; no repository has more. */
const STEP_ROOM = 1e7;

/**
 * Where an image stands among all that wait to be copied.
 *
 * @param index The step's index in the file.
 * @param at The image's place in its step. @default {0}
 */
export function priorityOf(index: number, at = 0): number {
  return index * STEP_ROOM + at;
}
