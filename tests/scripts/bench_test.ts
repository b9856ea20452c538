import { strictEqual } from "node:assert/strict";
import { keepsBound } from "../../scripts/bench.ts";

const cases: readonly (readonly [line: string, keeps: boolean | undefined])[] =
  [
    ["copy/wall 1.05s 1.00s 1.05 <=1.05", true],
    ["copy/wall 1.06s 1.00s 1.06 <=1.05", false],
    ["copy/rss 149MiB 40MiB 3.73 <=150MiB", true],
    ["copy/rss 151MiB 400MiB 0.38 <=150MiB", false],
    ["copy/rss 1GiB 400MiB 2.56 <=150MiB", false],
    ["serve/get 900MB/s 300MB/s 3.00 >=2.5", true],
    ["serve/get 600MB/s 300MB/s 2.00 >=2.5", false],
    ["start 20ms 21ms 0.95 -", true],
    ["Check file:///bench/copy_bench.ts", undefined],
    ["", undefined],
  ];

for (const [line, keeps] of cases) {
  Deno.test(`keepsBound() says ${keeps} of "${line}"`, () => {
    strictEqual(keepsBound(line), keeps);
  });
}
