/**
 * Bytes from one registry to another that never enter JavaScript.
 *
 * fetch sends the untouched body of another answer with its length, at a fraction
 * of the processor's time; but nobody then sees the bytes pass. So this way is
 * taken where it pays and where a stall cannot last: between hosts that answer
 * fast, for large blobs, and for a time that any such pair can keep. What breaks
 * or takes longer goes on from where it stands, counted, through JavaScript.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { CallOptions, Descriptor } from "../core.ts";
import { deadline } from "../http/deadline.ts";
import { release } from "../http/responses.ts";
import type { Wanted } from "../http/throttle.ts";
import { askBlob, gettingBlob } from "./registry_blob.ts";
import type { RegistryContext } from "./registry_context.ts";
import { type Attempt, upload } from "./registry_upload.ts";
import { Replay } from "./replay.ts";

/**
 * Below this size the other way takes as long; and what the buffers of a
 * connection hold, which a break costs here, is then no small part, in bytes.
 */
export const UNTOUCHED_FROM: number = 128 * 1024 * 1024;
/** A host is near when a small request takes no longer, in milliseconds. */
const NEAR_MS = 25;
/** What a near pair takes at most: this many milliseconds, and … */
const BUDGET_MS = 5_000;
/** … one more for this many bytes: 16 MiB a second. */
const BUDGET_BYTES_PER_MS = 16 * 1024 * 1.024;

/** Options for {@linkcode transferBlob}. */
export interface TransferOptions extends CallOptions {
  /** The repository that has the blob. */
  readonly source: RegistryContext;
  /** An upload that a refused mount has begun. */
  readonly location?: string | undefined;
  /** Opens the blob for the way through JavaScript; slots are held. */
  readonly open: (offset: number) => Promise<ReadableStream<Uint8Array>>;
  /** Passes the bytes on that go to the target, and counts them. */
  readonly through: (
    stream: ReadableStream<Uint8Array>,
  ) => ReadableStream<Uint8Array>;
  /** Told where the upload stands before each attempt. */
  readonly onOffset: (offset: number) => void;
}

/** Sends a blob from one registry to another. */
export async function transferBlob(
  target: RegistryContext,
  node: Descriptor,
  options: TransferOptions,
): Promise<void> {
  const { source, location, onOffset, signal } = options;
  // Both slots at once, in one order: two copies in opposite directions would
  // otherwise wait for each other.
  using _slots = await target.stack.throttle.acquire(
    slotsOf(source, target),
    { signal },
  );
  await using replay = new Replay(options.open);
  const open = async (offset: number) =>
    options.through(await replay.open(offset));
  let isUntouched = isWorthwhile(source, target, node);
  await upload(target, node, {
    signal,
    location,
    held: true,
    source: {
      onOffset,
      open,
      async attempt(offset, send) {
        if (isUntouched) {
          isUntouched = false; // what breaks off is counted from then on
          return await sendUntouched(node, { source, offset, send, signal });
        }
        const size = node.size - offset;
        await send({ body: { open: () => open(offset), size } });
      },
    },
  });
}

function isWorthwhile(
  source: RegistryContext,
  target: RegistryContext,
  node: Descriptor,
): boolean {
  const isNear = ({ stack, host }: RegistryContext) =>
    stack.health.fastestMs(host.name) <= NEAR_MS;
  return node.size >= target.untouchedFrom && isNear(source) && isNear(target);
}

function slotsOf(source: RegistryContext, target: RegistryContext): Wanted[] {
  const from = source.stack.sourcesOf(source.host.name);
  return [
    ...from.map(({ name }): Wanted => ({ registry: name, weight: "download" })),
    { registry: target.host.name, weight: "upload" },
  ];
}

interface UntouchedOptions extends CallOptions {
  readonly source: RegistryContext;
  readonly offset: number;
  readonly send: (attempt: Attempt) => Promise<void>;
}

async function sendUntouched(
  node: Descriptor,
  options: UntouchedOptions,
): Promise<void> {
  const { source, offset, send, signal } = options;
  const size = node.size - offset;
  const budgetMs = BUDGET_MS + size / BUDGET_BYTES_PER_MS;
  using limit = deadline(budgetMs, () => tooSlow(node, budgetMs), { signal });
  const opened: Response[] = [];
  try {
    await send({
      signal: limit.signal,
      body: {
        size,
        untouched: true,
        open: async () => {
          const response = await openRaw(node, {
            source,
            offset,
            signal: limit.signal,
          });
          opened.push(response);
          return response.body ?? new ReadableStream<Uint8Array>();
        },
      },
    });
  } finally {
    for (const response of opened) release(response);
  }
}

function tooSlow(node: Descriptor, ms: number): RegError {
  return new RegError(
    "timeout",
    `Cannot transfer blob ${node.digest} within ${
      Math.round(ms / 1000)
    } seconds`,
  );
}

async function openRaw(
  node: Descriptor,
  options: CallOptions & {
    readonly source: RegistryContext;
    readonly offset: number;
  },
): Promise<Response> {
  const { source, offset, signal } = options;
  const response = await askBlob(source, node, {
    path: `blobs/${node.digest}`,
    offset,
    raw: true,
    held: true,
    signal,
  });
  const length = response.headers.get("content-length");
  // Without the right length fetch would send it chunked, or the wrong bytes.
  const isUsable = Number(length ?? NaN) === node.size - offset &&
    (offset === 0 || response.status === 206);
  if (isUsable) return response;
  await response.body?.cancel();
  release(response);
  throw new RegError(
    "network",
    `${gettingBlob(source, node)}: unexpected content-length, expected ${
      node.size - offset
    }, received ${length ?? "none"}`,
  );
}
