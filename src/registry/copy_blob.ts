/**
 * The copy of one blob: found, mounted, transferred or sent.
 *
 * @module
 */
import { LinkedAbort } from "../base/linked_abort.ts";
import { collect, fromBytes, skipped } from "../base/streams.ts";
import type { Body, Descriptor, Store } from "./core.ts";
import { can } from "./core.ts";
import type { Copy } from "./copy_options.ts";
import { at } from "./copy_error.ts";
import { algorithmOf, digestOf } from "./digest.ts";
import { isManifestType } from "./media_types.ts";

/** Copies a blob to the copy's target, once however many images share it. */
export async function copyBlob(
  copy: Copy,
  child: Descriptor,
): Promise<void> {
  const { from, to, run, signal, includeExternal = false } = copy.options;
  if (from.name === to.name) return;
  if (child.urls && child.urls.length > 0 && !includeExternal) {
    return copy.emit("external", child);
  }
  // A layer may be of any type, even a manifest's: here it is bytes.
  const node = isManifestType(child.mediaType)
    ? { ...child, mediaType: "application/octet-stream" }
    : child;
  copy.emit("queued", node);
  const did = await run.once(
    `${to.name} ${node.digest}`,
    // While one repository of the host receives it, the others wait to mount it.
    () => run.lead(to.host, node, () => sendBlob(copy, node), { signal }),
    { signal },
  );
  if (!did) copy.emit("skipped", node);
}

/** What is read whole and sent like any small request, in bytes. */
const SMALL = 64 * 1024;

async function sendBlob(copy: Copy, node: Descriptor): Promise<void> {
  const { from, to, run, signal } = copy.options;
  const done = (step: "skipped" | "mounted" | "finished") => {
    run.keep(to.host, to.repository, node);
    copy.emit(step, node);
  };
  if (await mount(copy, node)) return done("mounted");
  const there = await at(
    "target",
    ["find blob", to, node],
    () => to.exists(node, { signal }),
  );
  if (there) return done("skipped");
  if (node.size <= SMALL) {
    return done(await mountOrCarry(copy, node) ? "mounted" : "finished");
  }
  if (await mountAnonymously(copy, node)) return done("mounted");
  using _slot = await run.body(from, to, { signal });
  copy.emit("started", node);
  await move(copy, node);
  done("finished");
}

/**
 * Reads a small blob whole while the target is asked for it, then sends it: the
 * two do not wait for each other, and many such blobs are on their way at once.
 * True where the target had it elsewhere, and the bytes were not needed.
 */
async function mountOrCarry(copy: Copy, node: Descriptor): Promise<boolean> {
  using own = new LinkedAbort(copy.options.signal);
  const reading = readWhole(copy, node, own.signal);
  reading.catch(() => {}); // it is awaited below, unless the mount settles it
  try {
    if (await mountAnonymously(copy, node)) return true;
    copy.emit("started", node);
    await carry(copy, node, await reading);
    return false;
  } finally {
    own.abort(); // what is still being read is not needed
  }
}

async function readWhole(
  copy: Copy,
  node: Descriptor,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { from } = copy.options;
  return inlineData(node) ?? await at(
    "source",
    ["get blob", from, node],
    async () => await collect(await from.open(node, { signal }), node.size),
  );
}

async function carry(
  copy: Copy,
  node: Descriptor,
  bytes: Uint8Array,
): Promise<void> {
  const { to, signal, onEvent } = copy.options;
  await at(
    "target",
    ["push blob", to, node],
    () =>
      to.push(
        node,
        (o = {}) => Promise.resolve(skipped(fromBytes(bytes), o.offset ?? 0)),
        {
          signal,
          onBytes: (bytes) => onEvent?.({ type: "progress", node, bytes }),
        },
      ),
  );
}

/** Asks for the blob from the repositories of that host that have it. */
async function mount(copy: Copy, node: Descriptor): Promise<boolean> {
  const { from, to, run, signal } = copy.options;
  if (!can(to, "mount")) return false;
  const candidates = new Set(run.holders(to.host, node));
  if (from.host === to.host) candidates.add(from.repository);
  candidates.delete(to.repository);
  if (candidates.size === 0) return false;
  return await at(
    "target",
    ["mount blob", to, node],
    () => to.mount(node, [...candidates], { signal }),
  );
}

/** Asks for the blob from anywhere; what this begins, the push goes on with. */
async function mountAnonymously(
  copy: Copy,
  node: Descriptor,
): Promise<boolean> {
  const { to, signal } = copy.options;
  if (!can(to, "mount")) return false;
  return await at(
    "target",
    ["mount blob", to, node],
    () => to.mount(node, [], { signal }),
  );
}

async function move(copy: Copy, node: Descriptor): Promise<void> {
  const { from, to, signal, onEvent } = copy.options;
  const options = {
    signal,
    onBytes: (bytes: number) => onEvent?.({ type: "progress", node, bytes }),
  };
  const inline = inlineData(node);
  if (!inline && await transfer(to)) return;
  const body: Body = inline
    ? (o = {}) => Promise.resolve(skipped(fromBytes(inline), o.offset ?? 0))
    // The target verifies what it stores: once is enough.
    : (o) =>
      at(
        "source",
        ["get blob", from, node],
        () => from.open(node, { signal, ...o, verify: false }),
      );
  await at(
    "target",
    ["push blob", to, node],
    () => to.push(node, body, options),
    from,
  );

  async function transfer(target: Store): Promise<boolean> {
    if (!can(target, "transfer")) return false;
    return await at(
      "target",
      ["push blob", target, node],
      () => target.transfer(node, from, options),
      from,
    );
  }
}

/**
 * The blob of which everybody knows what is in it: `{}`, the configuration of
 * artifacts that have none.
 *
 * See {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor}.
 */
const EMPTY = {
  digest:
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  bytes: new TextEncoder().encode("{}"),
} as const;

/** The bytes that need not be asked for: the descriptor carries them, or everybody knows them. */
function inlineData(node: Descriptor): Uint8Array<ArrayBuffer> | undefined {
  if (node.digest === EMPTY.digest) return EMPTY.bytes;
  if (node.data === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(
      atob(node.data),
      (char) => char.charCodeAt(0),
    );
    return digestOf(bytes, algorithmOf(node.digest)) === node.digest
      ? bytes
      : undefined;
  } catch {
    return undefined; // not base64: the source has the bytes too
  }
}
