import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { image, pushGraph } from "../../support/images.ts";
import { assertSaid, syncBench, until } from "../../support/regsync.ts";

Deno.test("once sums up at its end, and reports as JSON", async () => {
  await using bench = await syncBench({ tags: ["v2", "v3"] });
  const yaml = `
sync:
- {source: S/test/repo:v2, target: T/t/r:v2, type: image}
- {source: S/test/repo:v3, target: T/t/r:v3, type: image}
- {source: S/test/repo:nope, target: T/t/r:nope, type: image}
- {source: S/none, target: T/t/none, type: repository}
`;
  await bench.run("once", yaml.replace(/^.*v3.*\n/m, ""));
  const result = await bench.run("once --output json", yaml);
  strictEqual(result.exit, 1);
  const [summary = ""] = result.messages().filter((line) =>
    line.startsWith('"Sync finished"')
  );
  match(
    summary,
    /^"Sync finished" checked=3 copied=1 skipped=1 failed=2 bytes=\d+ duration=\S+s$/,
  );
  const { totals, images } = JSON.parse(result.stdout);
  ok(totals.bytes > 500);
  strictEqual(totals.failed, 2);
  deepStrictEqual(
    images.map(({ step, outcome }: Record<string, unknown>) => [step, outcome]),
    [[0, "unchanged"], [1, "copied"], [2, "failed"], [3, "failed"]],
  );
  strictEqual(images[1].bytes, totals.bytes);
  match(images[2].reason, /not found/);
});

Deno.test("once says the reason and the backup in its report", async () => {
  await using bench = await syncBench({ tags: ["v2", "v3"] });
  const yaml = (tag: string) =>
    `sync: [{source: S/test/repo:${tag}, target: T/t/r:x, type: image, backup: old}]`;
  await bench.run("once", yaml("v2"));
  const { stdout } = await bench.run("once --output json", yaml("v3"));
  const [entry] = JSON.parse(stdout).images;
  strictEqual(entry.outcome, "copied");
  strictEqual(entry.reason, "differed");
  match(entry.backup, /\/t\/r:old$/);
  strictEqual(entry.digest, bench.images["v3"]?.root.digest);
  strictEqual(entry.targetDigest, bench.images["v2"]?.root.digest);
});

Deno.test("four shards do the work of one run, and no tag twice", async () => {
  await using bench = await syncBench({
    tags: ["v1", "v2", "v3", "b1", "child"],
  });
  for (let seed = 0; seed < 12; seed++) {
    await bench.push(await image({ seed, layerSize: 64 }), `t${seed}`);
  }
  const yaml = "sync: [{source: S/test/repo, target: T/t/r, type: repository}]";
  const done: string[] = [];
  for (let index = 0; index < 4; index++) {
    const result = await bench.run(`once --shard ${index}/4`, yaml);
    strictEqual(result.exit, 0, result.stderr);
    const mine = result.messages().filter((line) => line.includes("needed"));
    done.push(...mine);
  }
  strictEqual(done.length, 17);
  strictEqual(new Set(done).size, 17);
  const rest = await bench.run("check --exit-code", yaml);
  strictEqual(rest.exit, 0);
  const wrong = await bench.run("once --shard 4/4", yaml);
  strictEqual(wrong.exit, 1);
  match(wrong.rest, /Cannot parse shard "4\/4"/);
});

/** Adds what Docker Hub says of its limit to answers for manifests. */
const LIMITED = {
  method: "HEAD",
  path: /manifests/,
  headers: {
    "RateLimit-Limit": "100;w=21600",
    "RateLimit-Remaining": "76;w=21600",
  },
};

const limited = (min: number) =>
  `defaults: {parallel: 2}
sync:
- {source: S/test/repo:v2, target: T/t/r:v2, type: image, ratelimit: {min: ${min}, retry: 1s}}
- {source: S/test/repo:v3, target: T/t/r:v3, type: image}
`;

Deno.test("once goes on where the rate limit leaves enough, after one more look", async () => {
  await using bench = await syncBench({ tags: ["v2", "v3"] });
  bench.S.faults.push(LIMITED);
  const result = await bench.run("once -v debug", limited(76));
  assertSaid(result, { exit: 0 });
  match(
    result.messages("DEBUG").join("\n"),
    /"Rate limit passed" source=S\/test\/repo:v2 source-remain=76 step-min=76/,
  );
  strictEqual(
    bench.S.take().filter((line) => line === "HEAD /v2/test/repo/manifests/v2")
      .length,
    2,
  );
});

Deno.test("once waits for the rate limit of one source while others go on, until it is interrupted", async () => {
  await using bench = await syncBench({ tags: ["v2", "v3"] });
  bench.S.faults.push(LIMITED);
  for (const yaml of [limited(77), limited(77).replace(/^.*\n/, "")]) {
    const controller = new AbortController();
    const running = bench.run("once", yaml, { signal: controller.signal });
    const looks = () =>
      bench.S.requests.filter(({ path }) => path.endsWith("v2")).length;
    await until(async () =>
      looks() >= 2 && await bench.digest("t/r:v3") !== ""
    );
    controller.abort(new DOMException("Interrupted", "AbortError"));
    const result = await running;
    strictEqual(result.exit, 1);
    match(
      result.messages().join("\n"),
      /"Delaying for rate limit" source=S\/test\/repo:v2 source-remain=76 source-limit=100 step-min=77 sleep=5m0s/,
    );
    match(
      result.messages("ERROR").join("\n"),
      /^"Failed to sync" target=T\/t\/r:v2 source=S\/test\/repo:v2 error="task was canceled"$/,
    );
    strictEqual(result.rest, "");
    bench.S.take();
  }
  strictEqual(await bench.digest("t/r:v2"), "");
});

Deno.test("once tells what failed before it was interrupted, and reports that it is not complete", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const controller = new AbortController();
  bench.S.faults.push({
    path: /manifests\/v2/,
    wait: () => new Promise<void>(() => {}),
  });
  const running = bench.run(
    "once --output json",
    `sync:\n- {source: S/test/repo:nope, target: T/t/a:1, type: image}\n- {source: S/test/repo:v2, target: T/t/b:1, type: image}`,
    { signal: controller.signal },
  );
  const seen = (tag: string) =>
    bench.S.requests.some(({ path }) => path.endsWith(tag));
  await until(() => seen("nope") && seen("v2"));
  // The failure is known a moment after its answer was sent.
  await new Promise((resolve) => setTimeout(resolve, 20));
  controller.abort(new DOMException("Interrupted", "AbortError"));
  const result = await running;
  strictEqual(result.exit, 1);
  match(result.rest, /nope/);
  strictEqual(JSON.parse(result.stdout).complete, false);
});

Deno.test("once that is interrupted before it begins does nothing", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const result = await bench.run(
    "once",
    "sync: [{source: S/test/repo:v2, target: T/t/a:1, type: image}]",
    { signal: AbortSignal.abort(new DOMException("", "AbortError")) },
  );
  strictEqual(result.exit, 1);
  strictEqual(await bench.digest("t/a:1"), "");
  deepStrictEqual(bench.S.take(), []);
});

Deno.test("once copies at most `parallel` images at a time, however many steps there are", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2", "v3", "b1"] });
  let now = 0;
  let most = 0;
  bench.T.faults.push({
    method: "PUT",
    path: /manifests\/(v|b)\d/,
    wait: async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now--;
    },
  });
  for (const [parallel, target] of [[0, "a"], [2, "b"]] as const) {
    most = 0;
    const result = await bench.run(
      "once",
      `defaults: {parallel: ${parallel}}\nsync: [{source: S/test/repo, target: T/${target}/r, type: repository}]`,
    );
    strictEqual(result.exit, 0, result.stderr);
    ok(most <= Math.max(1, parallel), String(most));
  }
});

Deno.test("once looks at other sources while more images than it looks at a time wait for a rate limit", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const graph = await image({ layerSize: 64 });
  await pushGraph(
    new URL(bench.S.url).origin,
    "limited",
    graph,
    Array.from({ length: 70 }, (_, at) => `t${at}`),
  );
  bench.S.faults.push({ ...LIMITED, path: /limited\/manifests/ });
  const controller = new AbortController();
  const running = bench.run(
    "once",
    `sync:
- {source: S/limited, target: T/limited, type: repository, ratelimit: {min: 77}}
- {source: S/test/repo:v2, target: T/t/r:v2, type: image}
`,
    { signal: controller.signal },
  );
  const looks = () =>
    new Set(
      bench.S.requests.filter(({ method, path }) =>
        method === "HEAD" && /limited\/manifests/.test(path)
      ).map(({ path }) => path),
    ).size;
  await until(() => looks() === 70);
  await until(async () => await bench.digest("t/r:v2") !== "");
  controller.abort(new DOMException("Interrupted", "AbortError"));
  strictEqual((await running).exit, 1);
});
