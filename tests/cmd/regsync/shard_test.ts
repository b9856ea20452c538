import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { isMine, parseShard } from "../../../src/cmd/regsync/shard.ts";
import { parseReference } from "../../../src/registry/reference.ts";

Deno.test("parseShard() reads INDEX/COUNT", () => {
  deepStrictEqual(parseShard("0/4"), { index: 0, count: 4 });
  for (const text of ["4/4", "1", "-1/2", "a/b", "1/0", "", "1/2/3", " 0/1"]) {
    throws(() => parseShard(text), { code: "usage" }, text);
  }
});

Deno.test("isMine() gives each target to one shard, always the same", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 16 }),
    fc.stringMatching(/^[a-z0-9]{1,10}$/),
    (count, tag) => {
      const target = parseReference(`t.example/r:${tag}`);
      const owners = Array.from({ length: count }, (_, index) => index)
        .filter((index) => isMine(target, { index, count }));
      strictEqual(owners.length, 1);
      // As another spelling of the same target is.
      const same = parseReference(`t.example/r:${tag}`);
      strictEqual(isMine(same, { index: owners[0] ?? -1, count }), true);
    },
  ));
});

Deno.test("isMine() spreads tags, and keeps a layout whole", () => {
  const counts = [0, 0, 0, 0];
  const dirs = new Set<number>();
  for (let tag = 0; tag < 400; tag++) {
    for (let index = 0; index < 4; index++) {
      const shard = { index, count: 4 };
      if (isMine(parseReference(`t.example/r:v${tag}`), shard)) {
        counts[index] = (counts[index] ?? 0) + 1;
      }
      if (isMine(parseReference(`ocidir://dir:v${tag}`), shard)) {
        dirs.add(index);
      }
    }
  }
  strictEqual(counts.every((count) => count > 60 && count < 140), true);
  strictEqual(dirs.size, 1);
  strictEqual(isMine(parseReference("t.example/r:v1"), undefined), true);
});
