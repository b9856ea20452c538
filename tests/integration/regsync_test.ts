/** regsync as a process, and what goes wrong on the way. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { image, multiPlatform, pushGraph } from "../support/images.ts";
import { start } from "../support/process.ts";
import { runWithGc } from "../support/with_gc.ts";
import { ours, program } from "../support/program.ts";
import {
  earlyFile,
  type SyncBench,
  syncBench,
  until,
} from "../support/regsync.ts";

/** The tags of a repository at the target, with their digests. */
async function tagsOf(
  bench: SyncBench,
  repository: string,
): Promise<Record<string, string>> {
  const url = new URL(bench.T.url).origin;
  const answer = await fetch(`${url}/v2/${repository}/tags/list`);
  const { tags = [] }: { tags?: string[] } = await answer.json();
  const found: Record<string, string> = {};
  for (const tag of tags) {
    found[tag] = await bench.digest(`${repository}:${tag}`);
  }
  return found;
}

/** Fails unless every tag is whole: each manifest and blob below it is there. */
async function assertWhole(
  bench: SyncBench,
  repository: string,
): Promise<void> {
  const url = `${new URL(bench.T.url).origin}/v2/${repository}`;
  const visit = async (digest: string) => {
    const answer = await fetch(`${url}/manifests/${digest}`, {
      headers: { accept: "*/*" },
    });
    strictEqual(answer.status, 200, digest);
    const { manifests = [], config, layers = [] } = await answer.json();
    for (const child of manifests) await visit(child.digest);
    for (const blob of [...config ? [config] : [], ...layers]) {
      const head = await fetch(`${url}/blobs/${blob.digest}`, {
        method: "HEAD",
      });
      strictEqual(head.status, 200, blob.digest);
    }
  };
  for (const digest of Object.values(await tagsOf(bench, repository))) {
    await visit(digest);
  }
}

/** Fills the source's `many` with images of their own. */
async function many(bench: SyncBench, count: number): Promise<void> {
  for (let seed = 0; seed < count; seed++) {
    const graph = await multiPlatform(2, { seed: seed + 50, layerSize: 4096 });
    await bench.push(graph, `t${seed}`, "many");
  }
}

const MANY = "sync: [{source: S/many, target: T/many, type: repository}]";

Deno.test("the early documentation's example runs as it is written", async () => {
  await using bench = await syncBench({ tags: [] });
  const { S, hosts } = bench;
  const origin = new URL(S.url).origin;
  await pushGraph(origin, "library/busybox", await image({ seed: 1 }), [
    "latest",
  ]);
  for (
    const [seed, tag] of ["latest", "edge", "3", "3.0", "3.9", "3.10", "4"]
      .entries()
  ) {
    const graph = await image({ seed: seed + 2 });
    await pushGraph(origin, "library/alpine", graph, [tag]);
  }
  // Docker Hub is reached through a mirror, localhost:5000 at another port.
  const creds = `- {registry: docker.io, mirrors: ["${hosts.S}"]}
- {registry: "localhost:5000", hostname: "${hosts.T}"}
`;
  const example = earlyFile();
  const run = () => bench.run("once", example, { creds });
  const first = await run();
  strictEqual(first.exit, 0, first.stderr);
  strictEqual(
    first.messages("WARN").filter((line) => line.includes("Scheme")).length,
    1,
  );
  deepStrictEqual(Object.keys(await tagsOf(bench, "library/busybox")), [
    "latest",
  ]);
  deepStrictEqual(Object.keys(await tagsOf(bench, "library/alpine")).sort(), [
    "3",
    "3.10",
    "3.9",
    "edge",
    "latest",
  ]);
  const old = await bench.digest("library/alpine:latest");
  await pushGraph(origin, "library/alpine", await image({ seed: 99 }), [
    "latest",
  ]);
  strictEqual((await run()).exit, 0);
  const backups = await tagsOf(bench, "backups/library/alpine");
  deepStrictEqual(Object.values(backups), [old]);
  match(Object.keys(backups)[0] ?? "", /^latest-20\d+$/);
});

Deno.test("four processes share the work, and no tag is copied twice", async () => {
  await using bench = await syncBench({ tags: [] });
  await many(bench, 12);
  const path = await bench.file(MANY);
  const runs = await Promise.all(
    [0, 1, 2, 3].map((index) =>
      ours("regsync", ["once", "-c", path, "--shard", `${index}/4`])
    ),
  );
  for (const { code, stderr } of runs) strictEqual(code, 0, stderr);
  const puts = bench.T.requests.filter(({ method, path }) =>
    method === "PUT" && /\/manifests\/t\d+$/.test(path)
  ).map(({ path }) => path);
  strictEqual(puts.length, 12);
  strictEqual(new Set(puts).size, 12);
  await assertWhole(bench, "many");
});

Deno.test("SIGTERM stops a run with status 1; what is tagged is whole, and the next run completes it", async () => {
  await using bench = await syncBench({ tags: [] });
  await many(bench, 6);
  const path = await bench.file(MANY);
  const [command, ...words] = program("regsync");
  for (const stop of [2, 9, 25]) {
    bench.T.requests.length = 0;
    await using running = start(command, [...words, "once", "-c", path]);
    // So many uploads in: in the middle of an image, whichever it is.
    await until(() =>
      bench.T.requests.filter(({ method }) => method === "PUT").length >= stop
    );
    running.kill("SIGTERM");
    strictEqual((await running.status).code, 1, running.output());
    await assertWhole(bench, "many");
  }
  const { code, stderr } = await ours("regsync", ["once", "-c", path]);
  strictEqual(code, 0, stderr);
  strictEqual(Object.keys(await tagsOf(bench, "many")).length, 6);
  await assertWhole(bench, "many");
});

Deno.test("server survives kill -9: what is tagged is whole, and it completes when it is started again", async () => {
  await using bench = await syncBench({ tags: [] });
  await many(bench, 6);
  const path = await bench.file(MANY.replace("}]", ", interval: 1h}]"));
  const [command, ...words] = program("regsync");
  {
    await using running = start(command, [...words, "server", "-c", path]);
    await until(() =>
      bench.T.requests.filter(({ method }) => method === "PUT").length >= 8
    );
    running.kill("SIGKILL");
    await running.status;
  }
  await assertWhole(bench, "many");
  await using again = start(command, [...words, "server", "-c", path]);
  await until(async () =>
    Object.keys(await tagsOf(bench, "many")).length === 6
  );
  again.kill("SIGTERM");
  strictEqual((await again.status).code, 0, again.output());
  await assertWhole(bench, "many");
});

Deno.test("server obeys SIGHUP and ends 0 at SIGTERM; a second signal ends it at once", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const step = (name: string) =>
    `- {source: S/test/repo:v2, target: T/t/${name}:1, type: image, interval: 1s}\n`;
  const path = await bench.file(`sync:\n${step("a")}`);
  const [command, ...words] = program("regsync");
  await using running = start(command, [...words, "server", "-c", path]);
  await until(async () => await bench.digest("t/a:1") !== "");
  const text = await Deno.readTextFile(await bench.file(`sync:\n${step("b")}`));
  await Deno.writeTextFile(path, text);
  running.kill("SIGHUP");
  await until(async () => await bench.digest("t/b:1") !== "");
  match(running.output(), /msg="Config is reloaded" steps=1/);
  running.kill("SIGTERM");
  strictEqual((await running.status).code, 0, running.output());
  match(running.output(), /msg="Stopping server"/);

  // A server that cannot stop, as a registry does not let go.
  bench.T.faults.push({ wait: () => new Promise<void>(() => {}) });
  await using stuck = start(command, [...words, "server", "-c", path]);
  await until(() => bench.T.requests.some(({ status }) => status === 0));
  stuck.kill("SIGTERM");
  stuck.kill("SIGTERM");
  ok([0, 143].includes((await stuck.status).code));
});

Deno.test("a registry that lists tags it cannot serve fails these and no others", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2", "v3"] });
  bench.S.faults.push({ path: /manifests\/v2/, status: 404 });
  const yaml = "sync: [{source: S/test/repo, target: T/t/r, type: repository}]";
  const result = await bench.run("once", yaml);
  strictEqual(result.exit, 1);
  deepStrictEqual(Object.keys(await tagsOf(bench, "t/r")).sort(), ["v1", "v3"]);
  strictEqual(result.rest.split("\n").length, 1, result.rest);
  match(result.rest, /v2.*not found/);
  bench.S.faults.length = 0;
  strictEqual((await bench.run("once", yaml)).exit, 0);
  strictEqual(Object.keys(await tagsOf(bench, "t/r")).length, 3);
});

Deno.test("a target that refuses one tag gets all others", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2", "v3"] });
  bench.T.faults.push({
    method: "PUT",
    path: /manifests\/v2/,
    status: 403,
    body: `{"errors":[{"code":"DENIED","message":"tag is immutable"}]}`,
  });
  const result = await bench.run(
    "once",
    "defaults: {parallel: 2}\nsync: [{source: S/test/repo, target: T/t/r, type: repository}]",
  );
  strictEqual(result.exit, 1);
  deepStrictEqual(Object.keys(await tagsOf(bench, "t/r")).sort(), ["v1", "v3"]);
  match(result.rest, /tag is immutable/);
  await assertWhole(bench, "t/r");
});

Deno.test("a storm of 429 on both sides passes", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2", "v3"] });
  for (const registry of [bench.S, bench.T]) {
    for (const method of ["HEAD", "GET", "PUT", "POST"]) {
      registry.faults.push({
        method,
        after: 1,
        times: 2,
        status: 429,
        headers: { "retry-after": "0.05" },
      });
    }
  }
  const result = await bench.run(
    "once",
    "defaults: {parallel: 3}\nsync: [{source: S/test/repo, target: T/t/r, type: repository}]",
  );
  strictEqual(result.exit, 0, result.stderr);
  strictEqual(Object.keys(await tagsOf(bench, "t/r")).length, 3);
  await assertWhole(bench, "t/r");
});

Deno.test("a target that is down fails each image, of which one finds it out, and the run comes to its end", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2", "v3"] });
  await bench.T[Symbol.asyncDispose]();
  const yaml = "sync: [{source: S/test/repo, target: T/t/r, type: repository}]";
  const [check, once] = await Promise.all([
    bench.run("check", yaml),
    bench.run("once -v debug", yaml),
  ]);
  strictEqual(check.exit, 0, check.stderr);
  strictEqual(once.exit, 1);
  strictEqual(once.messages("WARN").length, 3);
  for (const { messages } of [check, once]) {
    const needed = messages().filter((line) => line.includes("sync needed"));
    strictEqual(needed.length, 3);
  }
  const tried = once.messages("DEBUG").filter((line) =>
    line.startsWith('"Image sync running"')
  );
  strictEqual(tried.length, 1, once.stderr);
  const failures = once.rest.split("\n");
  for (const [at, tag] of ["v1", "v2", "v3"].entries()) {
    match(
      failures[at] ?? "",
      new RegExp(`^Cannot .*T/t/r:${tag}.*: Cannot reach`),
    );
  }
  const failed = once.messages("ERROR").filter((line) =>
    line.startsWith('"Failed to sync"')
  );
  strictEqual(failed.length, 3, once.stderr);
});

Deno.test("server's memory is flat over a day of runs", async () => {
  const heaps = (await runWithGc("regsync_day.ts")).flat();
  strictEqual(heaps.length, 6);
  const [early = 0, last = Infinity] = [heaps[0], heaps.at(-1)];
  // Twenty hours hold 24 images that the registries keep, and the bound of errors.
  ok(last - early < 1_500_000, `grew from ${early} to ${last}`);
});
