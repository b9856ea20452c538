/**
 * Shows how a copy gets on: on a terminal a line for each blob that moves and
 * one with the totals; elsewhere the totals every half minute.
 *
 * @module
 */
import { humanSize } from "../base/human_size.ts";
import { sleep } from "../base/sleep.ts";
import type { Output } from "./io.ts";

/** What moves. */
export interface ProgressNode {
  /** Its identity. */
  readonly digest: string;
  /** How many bytes there are. */
  readonly size: number;
  /** What it is. */
  readonly mediaType: string;
}

/** What happened to a node: the events of a copy have this form. */
export interface ProgressEvent {
  /** `progress` for bytes that moved, else the step that was reached. */
  readonly type: string;
  /** To which node. */
  readonly node: ProgressNode;
  /** For `progress`: how many bytes since the last event. */
  readonly bytes?: number;
}

/** Options for {@linkcode Progress}. */
export interface ProgressOptions {
  /** Tells what is counted as a manifest, not as a blob. */
  readonly isManifest: (node: ProgressNode) => boolean;
  /** The time in milliseconds. @default {performance.now} */
  readonly now?: () => number;
}

/** How often a terminal is drawn, in milliseconds. */
const FRAME = 250;
/** How often a line is printed where there is no terminal, in milliseconds. */
const LINE = 30_000;
/** Over how long the speed is measured, in milliseconds. */
const WINDOW = 5000;
/** Below this speed nothing is foretold, in bytes per second. */
const SLOWEST = 1000;
/** How many blobs are shown at once. */
const SHOWN = 8;

type State = "queued" | "active" | "skipped" | "finished";

interface Item {
  readonly node: ProgressNode;
  readonly manifest: boolean;
  state: State;
  done: number;
}

/** The state of a copy, and its drawing. Dispose it when the copy is over. */
export class Progress implements AsyncDisposable {
  readonly #output: Output;
  readonly #options: ProgressOptions;
  readonly #now: () => number;
  readonly #began: number;
  readonly #items = new Map<string, Item>();
  readonly #samples: [time: number, bytes: number][] = [];
  readonly #stop = new AbortController();
  readonly #drawing: Promise<void>;
  #moved = 0;
  #lines = 0;
  #changed = false;
  #shown = false;

  /** Starts to show; nothing is printed before the first event. */
  constructor(output: Output, options: ProgressOptions) {
    this.#output = output;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#began = this.#now();
    this.#drawing = this.#draw();
  }

  /** Takes an event of a copy. */
  readonly onEvent = (event: ProgressEvent): void => {
    const item = this.#item(event.node);
    this.#changed = true;
    if (event.type === "progress") {
      item.state = "active";
      item.done += event.bytes ?? 0;
      this.#moved += event.bytes ?? 0;
    } else if (event.type === "started") item.state = "active";
    else if (event.type === "finished") item.state = "finished";
    else if (event.type !== "queued") item.state = "skipped";
  };

  #item(node: ProgressNode): Item {
    const known = this.#items.get(node.digest);
    if (known) return known;
    const manifest = this.#options.isManifest(node);
    const item: Item = { node, manifest, state: "queued", done: 0 };
    this.#items.set(node.digest, item);
    return item;
  }

  async #draw(): Promise<void> {
    const { signal } = this.#stop;
    const wait = this.#output.isTerminal ? FRAME : LINE;
    try {
      for (;;) {
        await sleep(wait, { signal });
        // What moves unseen, or does not move, is worth a look as well.
        if (this.#changed || this.#isUnderWay()) this.#show();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #isUnderWay(): boolean {
    return this.#items.values().some(({ state }) => state === "active");
  }

  #show(): void {
    this.#changed = false;
    this.#shown = true;
    if (!this.#output.isTerminal) {
      return this.#output.writeSync(`${this.summary()}\n`);
    }
    const columns = this.#output.columns();
    // A line that wraps would be counted as one and not be cleared.
    const total = this.summary().slice(0, columns - 1);
    const lines = [...this.blobLines(columns), total];
    this.#output.writeSync(`${this.#rewind()}${lines.join("\n")}\n`);
    this.#lines = lines.length;
  }

  /** Back to the first line of the last frame, and all below cleared. */
  #rewind(): string {
    return `${this.#lines > 0 ? `\x1b[${this.#lines}F` : ""}\x1b[0J`;
  }

  /** A line for each blob that moves, the furthest first. */
  blobLines(columns: number): string[] {
    return [...this.#items.values()]
      .filter(({ state, manifest }) => state === "active" && !manifest)
      .sort((a, b) => b.done - a.done)
      .slice(0, SHOWN)
      .map((item) => blobLine(item, columns, this.#now() - this.#began));
  }

  /** The totals in one line. */
  summary(): string {
    const items = [...this.#items.values()];
    const manifests = items.filter(({ manifest }) => manifest);
    const blobs = items.filter(({ manifest }) => !manifest);
    const over = manifests.filter(({ state }) =>
      state === "finished" || state === "skipped"
    );
    const skipped = sum(
      blobs,
      ({ state, node }) => state === "skipped" ? node.size : 0,
    );
    const left = sum(
      blobs,
      ({ state, node, done }) =>
        state === "queued" || state === "active"
          ? Math.max(0, node.size - done)
          : 0,
    );
    const parts = [
      `Manifests: ${over.length}/${manifests.length}`,
      `Blobs: ${humanSize(this.#moved)} copied, ${humanSize(skipped)} skipped${
        left > 0 ? `, ${humanSize(left)} queued` : ""
      }`,
    ];
    const speed = this.#speed();
    if (left > 0 && speed >= SLOWEST) {
      parts.push(`${humanSize(speed)}/s`, `${timeText(left / speed)} left`);
    }
    const seconds = (this.#now() - this.#began) / 1000;
    return [...parts, `Elapsed: ${timeText(seconds)}`].join(" | ");
  }

  /** Bytes per second over the last seconds. */
  #speed(): number {
    const now = this.#now();
    this.#samples.push([now, this.#moved]);
    while (
      this.#samples.length > 2 && (this.#samples[0]?.[0] ?? now) < now - WINDOW
    ) {
      this.#samples.shift();
    }
    const [time, bytes] = this.#samples[0] ?? [now, 0];
    const [from, before] = now > time ? [time, bytes] : [this.#began, 0];
    return now > from ? (this.#moved - before) * 1000 / (now - from) : 0;
  }

  /** Ends the drawing, with a last frame of totals. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#drawing;
    if (this.#output.isTerminal && this.#items.size > 0) {
      this.#output.writeSync(`${this.#rewind()}${this.summary()}\n`);
    } else if (this.#shown) this.#output.writeSync(`${this.summary()}\n`);
  }
}

function sum(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** `59s`, `1m05s`, `2h03m`. */
function timeText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor(whole / 60) % 60)}m`;
}

/** The shortest and the longest bar, in columns. */
const BAR = { least: 10, most: 40 };

function blobLine(
  { node, done }: Item,
  columns: number,
  elapsedMs: number,
): string {
  const share = node.size > 0 ? Math.min(1, done / node.size) : 1;
  const name = node.digest.slice(0, 14);
  const tail = ` ${(share * 100).toFixed(2).padStart(6)}% ${humanSize(done)}/${
    humanSize(node.size)
  }`;
  const room = columns - name.length - tail.length - 4;
  const width = Math.max(BAR.least, Math.min(BAR.most, room));
  const bar = done > 0 ? filledBar(share, width) : sweep(width, elapsedMs);
  return `${name} [${bar.padEnd(width)}]${tail}`;
}

function filledBar(share: number, width: number): string {
  const filled = Math.floor(share * width);
  if (filled >= width) return "=".repeat(width);
  return `${"=".repeat(Math.max(0, filled - 1))}${filled > 0 ? ">" : ""}`;
}

/** Nothing is known of the bytes yet: they may pass from registry to registry unseen. */
function sweep(width: number, elapsedMs: number): string {
  return `${" ".repeat(Math.floor(elapsedMs / FRAME) % (width - 2))}<=>`;
}
