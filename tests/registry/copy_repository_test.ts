import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { RegError } from "../../src/base/errors.ts";
import { copyRepository } from "../../src/registry/copy_repository.ts";
import { assertWhole, pair } from "../support/copies.ts";
import { multiPlatform } from "../support/images.ts";

const multi = await multiPlatform(2);

function filled() {
  const stores = pair();
  for (const tag of ["v1", "v2", "old"]) stores.from.fill(multi, tag);
  return stores;
}

Deno.test("copyRepository() copies every tag, and each blob once", async () => {
  const { target, from, to } = filled();
  deepStrictEqual(await copyRepository({ from, to }), ["v1", "v2", "old"]);
  for (const tag of ["v1", "v2", "old"]) assertWhole(to, tag);
  strictEqual(target.count("push"), multi.blobs.length);
});

Deno.test("copyRepository() keeps the tags that are wanted", async () => {
  const { from, to } = filled();
  const done: string[] = [];
  await copyRepository({
    from,
    to,
    keepTag: (tag) => tag.startsWith("v"),
    onTag: (tag) => done.push(tag),
  });
  deepStrictEqual([...to.tagged.keys()].sort(), ["v1", "v2"]);
  deepStrictEqual(done.sort(), ["v1", "v2"]);
});

Deno.test("copyRepository() passes by tags that the target has, where asked", async () => {
  const { source, from, to } = filled();
  to.fill(await multiPlatform(1), "v1");
  await copyRepository({ from, to, newTags: true });
  strictEqual(source.calls.some((call) => call.endsWith(" v1")), false);
  assertWhole(to, "v2");
});

Deno.test("copyRepository() stops all at the first failure, and names each", async () => {
  const { target, from, to } = filled();
  target.before = (call) => {
    if (call.startsWith("push ")) throw new RegError("denied", "no");
  };
  await rejects(copyRepository({ from, to, concurrency: 1 }), {
    code: "denied",
  });
  strictEqual(to.tagged.size, 0);
});

Deno.test("copyRepository() names each of several failures on a line", async () => {
  const { source, from, to } = filled();
  const waiting = Promise.withResolvers<void>();
  let failed = 0;
  source.before = async (call) => {
    if (!call.startsWith("manifest app v")) return;
    if (++failed === 2) waiting.resolve();
    await waiting.promise;
    throw new RegError("denied", call);
  };
  await rejects(copyRepository({ from, to }), {
    code: "partial",
    message: /manifest app v1\n.*manifest app v2/,
  });
});

Deno.test("copyRepository() works one at a time where told", async () => {
  const { from, to } = filled();
  await copyRepository({ from, to, concurrency: 1 });
  strictEqual(to.tagged.size, 3);
});
