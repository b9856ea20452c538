import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Output } from "../../src/cli/io.ts";
import { Progress, type ProgressNode } from "../../src/cli/progress.ts";

function memory(isTerminal: boolean): Output & { text: string } {
  return {
    text: "",
    isTerminal,
    columns: () => 80,
    write: () => Promise.resolve(),
    writeSync(text) {
      this.text += text;
    },
  };
}

const node = (digest: string, size: number): ProgressNode => ({
  digest,
  size,
  mediaType: digest.startsWith("manifest") ? "manifest" : "blob",
});
const isManifest = ({ mediaType }: ProgressNode) => mediaType === "manifest";

Deno.test("Progress sums up what moved, what was skipped and what is left", async () => {
  let time = 0;
  const output = memory(false);
  {
    await using progress = new Progress(output, {
      isManifest,
      now: () => time,
    });
    const { onEvent } = progress;
    onEvent({ type: "started", node: node("manifest1", 10) });
    onEvent({ type: "queued", node: node("a", 4_000_000) });
    onEvent({ type: "queued", node: node("b", 5_000_000) });
    onEvent({ type: "skipped", node: node("c", 1_000_000) });
    onEvent({ type: "started", node: node("a", 4_000_000) });
    onEvent({ type: "progress", node: node("a", 4_000_000), bytes: 1_000_000 });
    time = 2000;
    strictEqual(
      progress.summary(),
      "Manifests: 0/1 | Blobs: 1.000MB copied, 1.000MB skipped, 8.000MB queued" +
        " | 500.000kB/s | 16s left | Elapsed: 2s",
    );
    onEvent({ type: "finished", node: node("a", 4_000_000) });
    onEvent({ type: "mounted", node: node("b", 5_000_000) });
    onEvent({ type: "finished", node: node("manifest1", 10) });
    strictEqual(
      progress.summary(),
      "Manifests: 1/1 | Blobs: 1.000MB copied, 6.000MB skipped | Elapsed: 2s",
    );
  }
  strictEqual(output.text, "", "a short copy says nothing without a terminal");
});

Deno.test("Progress draws a bar for each blob that moves, and ends with the totals", async () => {
  const output = memory(true);
  {
    await using progress = new Progress(output, { isManifest, now: () => 0 });
    const blob = node(`sha256:${"0".repeat(64)}`, 4_500_000);
    progress.onEvent({ type: "progress", node: blob, bytes: 782_768 });
    progress.onEvent({ type: "started", node: node("manifest", 1) });
    const [line = "", ...more] = progress.blobLines(80);
    match(line, /^sha256:0000000 \[=+> +\] {2}17\.39% 782\.768kB\/4\.500MB$/);
    strictEqual(line.length, 79, "a full line would wrap");
    deepStrictEqual(more, []);
    match(progress.blobLines(20)[0] ?? "", /\[> {9}\]/);
  }
  strictEqual(
    output.text,
    "\x1b[0JManifests: 0/1 | Blobs: 782.768kB copied, 0.000B skipped, 3.717MB queued | Elapsed: 0s\n",
  );
});

Deno.test("Progress shows that a blob moves unseen, and foretells nothing of it", async () => {
  let time = 0;
  await using progress = new Progress(memory(true), {
    isManifest,
    now: () => time,
  });
  const blob = node(`sha256:${"0".repeat(64)}`, 1_074_000_000);
  progress.onEvent({ type: "started", node: blob });
  const [first = ""] = progress.blobLines(80);
  time = 2500;
  const [later = ""] = progress.blobLines(80);
  match(first, /\[<=> +\] +0\.00% 0\.000B\/1\.074GB$/);
  match(later, /\[ {10}<=> +\]/);
  progress.onEvent({ type: "progress", node: node("a", 2), bytes: 2 });
  strictEqual(progress.summary().includes("left"), false);
  time = 3_725_000;
  match(progress.summary(), /Elapsed: 1h02m$/);
});
