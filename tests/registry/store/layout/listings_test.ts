import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Digest } from "../../../../src/registry/core.ts";
import { parseManifest } from "../../../../src/registry/manifest.ts";
import { fallbackTag } from "../../../../src/registry/referrers_index.ts";
import {
  type ListingFiles,
  Listings,
} from "../../../../src/registry/store/layout/listings.ts";
import {
  EMPTY_INDEX,
  type LayoutIndex,
  makeRow,
  withRow,
} from "../../../../src/registry/store/layout/rows.ts";
import { artifact, image } from "../../../support/images.ts";

const { root: subject } = await image();
const tag = fallbackTag(subject.digest);
const made = [1, 2].map((seed) => {
  const { root, manifests } = artifact({
    subject,
    annotations: { seed: String(seed) },
  });
  return { node: root, manifest: parseManifest(manifests[0]!.bytes) };
});

/** Lists in memory, and how often one was read or written. */
function files() {
  const lists = new Map<string, Uint8Array>();
  const calls: string[] = [];
  const all: ListingFiles = {
    read(node) {
      calls.push("read");
      return Promise.resolve(lists.get(node.digest)!);
    },
    write(digest, bytes) {
      calls.push("write");
      lists.set(digest, bytes);
      return Promise.resolve();
    },
    named: (index, node, tag) => withRow(index, makeRow(node, tag, new Date())),
  };
  const listed = (index: LayoutIndex): readonly Digest[] => {
    const row = index.rows.find(({ name }) => name === tag);
    const bytes = row && lists.get(row.descriptor.digest);
    const list = bytes && parseManifest(bytes);
    return list?.kind === "index"
      ? list.manifests.map(({ digest }) => digest)
      : [];
  };
  return { all, calls, listed };
}

Deno.test("Listings reads and stores a list once for all that change it", async () => {
  const { all, calls, listed } = files();
  const first = new Listings(all);
  for (const { node, manifest } of made) {
    await first.add(EMPTY_INDEX, node, manifest);
  }
  const index = await first.flush(EMPTY_INDEX);
  deepStrictEqual(listed(index), made.map(({ node }) => node.digest));
  deepStrictEqual(calls.splice(0), ["write"]);
  const second = new Listings(all);
  await second.add(index, made[0]!.node, made[0]!.manifest);
  strictEqual(await second.flush(index), index);
  await second.remove(index, made[0]!.node.digest, subject);
  const next = await second.flush(index);
  deepStrictEqual(listed(next), [made[1]!.node.digest]);
  deepStrictEqual(calls, ["read", "read", "write"]);
  const third = new Listings(all);
  await third.remove(next, made[1]!.node.digest, subject);
  deepStrictEqual((await third.flush(next)).rows, []);
});

Deno.test("Listings passes manifests without a subject by", async () => {
  const { all, calls } = files();
  const listings = new Listings(all);
  const { root, manifests } = await image();
  await listings.add(EMPTY_INDEX, root, parseManifest(manifests[0]!.bytes));
  strictEqual(await listings.flush(EMPTY_INDEX), EMPTY_INDEX);
  deepStrictEqual(calls, []);
});
