import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fromBytes } from "../../../../src/base/streams.ts";
import {
  checkFile,
  fillPart,
  openPart,
} from "../../../../src/registry/store/layout/part.ts";
import { describe, noise } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

const { descriptor: node, bytes } = describe("a/b", noise(3_000_000, 1));
const names = async (dir: string) =>
  (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);

/** A body that gives so much, and breaks. */
const breaksAfter =
  (count: number) => (options?: { readonly offset?: number | undefined }) =>
    Promise.resolve(ReadableStream.from((async function* () {
      yield bytes.subarray(options?.offset ?? 0, count);
      await Promise.resolve();
      throw new Error("cable");
    })()));

Deno.test("fillPart() keeps every byte that came before a break, and goes on there", async () => {
  await using dir = await tempDir();
  const kept = `${dir.path}/kept`;
  await rejects(
    async () =>
      await fillPart(await openPart(kept), node, {
        body: breaksAfter(2_000_001),
      }),
    /cable/,
  );
  deepStrictEqual(await names(dir.path), ["kept"]);
  strictEqual((await Deno.stat(kept)).size, 2_000_001);
  const part = await openPart(kept);
  let asked: number | undefined;
  await fillPart(part, node, {
    body: (options) => {
      asked = options?.offset;
      return Promise.resolve(fromBytes(bytes.subarray(asked)));
    },
  });
  strictEqual(asked, 2_000_001);
  deepStrictEqual(await Deno.readFile(part.path), bytes);
});

Deno.test("fillPart() keeps nothing that is small, and nothing that is wrong", async () => {
  await using dir = await tempDir();
  const kept = `${dir.path}/kept`;
  const attempts = [
    breaksAfter(1000),
    () => Promise.resolve(fromBytes(noise(3_000_000, 2))),
  ];
  for (const body of attempts) {
    await rejects(async () =>
      await fillPart(await openPart(kept), node, { body })
    );
    deepStrictEqual(await names(dir.path), []);
  }
});

Deno.test("checkFile() takes the right bytes alone", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/file`;
  await Deno.writeFile(path, bytes);
  await checkFile(path, node);
  await rejects(checkFile(path, { ...node, size: 3 }), { code: "mismatch" });
  await Deno.writeFile(path, noise(3_000_000, 2));
  await rejects(checkFile(path, node), { code: "mismatch" });
});
