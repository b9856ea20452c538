/**
 * What a copy is asked for, and what its parts see of it.
 *
 * @module
 */
import type {
  CallOptions,
  Descriptor,
  Resolved,
  Source,
  Store,
} from "./core.ts";
import type { Manifest } from "./manifest.ts";
import type { Run } from "./run.ts";

/** What a copy reports about a node while it runs. */
export type CopyEvent =
  | {
    /** Bytes moved. */
    readonly type: "progress";
    /** Of which blob. */
    readonly node: Descriptor;
    /** How many since the last report. */
    readonly bytes: number;
  }
  | {
    /** What happened. */
    readonly type: CopyStep;
    /** To which blob or manifest. */
    readonly node: Descriptor;
  };

/**
 * The steps of one node's copy: `queued`, `started`, then one of the others.
 * `skipped` says that the target had it, `external` that it lives elsewhere.
 */
export type CopyStep =
  | "queued"
  | "started"
  | "skipped"
  | "external"
  | "mounted"
  | "finished";

/** How referrers are copied. */
export interface CopyReferrersOptions {
  /** Where they are, if not in the source. */
  readonly from?: Source | undefined;
  /** Where they go, if not to the target. */
  readonly to?: Store | undefined;
  /** Leaves referrers out. */
  readonly keep?: ((referrer: Descriptor) => boolean) | undefined;
}

/** Options for {@linkcode copyGraph}. */
export interface CopyGraphOptions extends CallOptions {
  /** Where the bytes are. */
  readonly from: Source;
  /** Where they go. */
  readonly to: Store;
  /** Tags the root there. */
  readonly tag?: string | undefined;
  /** What this process already knows. @default {new Run()} */
  readonly run?: Run | undefined;
  /** What the target has as root, `null` for nothing, where the caller has looked. */
  readonly there?: Resolved | null | undefined;
  /**
   * What finding a node at the target excuses: all below it, the node alone, or
   * nothing (every manifest is put again, every blob asked for). @default {"graph"}
   */
  readonly skip?: "graph" | "node" | "nothing" | undefined;
  /** Leaves a child out, by platform for one; the parent stays as it is. */
  readonly keep?:
    | ((child: Descriptor, parent: Manifest) => boolean)
    | undefined;
  /** Also copies layers that live elsewhere, by their `urls`. @default {false} */
  readonly includeExternal?: boolean | undefined;
  /** Also copies the manifests that have one of the copied ones as subject. */
  readonly referrers?: CopyReferrersOptions | undefined;
  /** Also copies tags of the form `sha256-…` that name a copied manifest. @default {false} */
  readonly digestTags?: boolean | undefined;
  /** With `referrers` or `digestTags`: trusts a target that has the root all the same. @default {false} */
  readonly fast?: boolean | undefined;
  /** The root is reached through another manifest. @default {false} */
  readonly child?: boolean | undefined;
  /** Called as each node moves; must not throw. */
  readonly onEvent?: ((event: CopyEvent) => void) | undefined;
}

/** What a copy did. */
export interface CopyResult {
  /** The root, as it is at both ends now. */
  readonly root: Descriptor;
  /** Whether the target had it all, as far as was asked. */
  readonly skipped: boolean;
}

/** The options of a copy, completed. */
export type CopyOptions = CopyGraphOptions & {
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly skip: "graph" | "node" | "nothing";
};

/** A copy under way, as its parts see it. */
export interface Copy {
  /** What was asked for. */
  readonly options: CopyOptions;
  /** The manifests that the root reaches, itself first; parts may add more. */
  readonly manifests: Descriptor[];
  /** Reports a step of a node. */
  emit(type: CopyStep, node: Descriptor): void;
  /** Runs work on many nodes at once; the first failure stops the whole copy. */
  all<T>(
    items: Iterable<T>,
    work: (item: T) => Promise<unknown>,
  ): Promise<void>;
  /** A copy of another root that belongs to this one: no tag, no extras of its own. */
  another(
    change: Partial<CopyGraphOptions>,
  ): Copy & { start(root: string): Promise<CopyResult> };
}
