import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { assertSaid, syncBench, until } from "../../support/regsync.ts";

const BAD = `
sync:
- {source: S/test/repo:v2, target: T/t/a:1, type: bogus}
- {source: S/test/repo:nope, target: T/t/b:1, type: image}
- {source: S/UP/repo:v1, target: T/t/c:1, type: image}
- {source: S/none, target: T/t/d, type: repository}
- {source: S/test/repo:v2, target: T/t/e:1, type: image}
`;

Deno.test("every step's failure is told, in the order of the file", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const result = await bench.run("once", BAD);
  strictEqual(result.exit, 1);
  const rest = result.rest.split("\n").filter((line) => line !== "");
  strictEqual(rest.length, 4, result.rest);
  strictEqual(rest[0], "invalid input");
  match(rest[1] ?? "", /nope.*not found|not found/);
  match(rest[2] ?? "", /invalid reference/);
  match(rest[3] ?? "", /none/);
  strictEqual(await bench.digest("t/e:1"), bench.images["v2"]?.root.digest);
  const [first] = result.messages("ERROR").filter((line) =>
    line.startsWith('"Type not')
  );
  match(
    first ?? "",
    /^"Type not recognized, must be one of: registry, repository, or image" step="\{Source:S\/test\/repo:v2 Target:T\/t\/a:1 Type:bogus .*" type=bogus$/,
  );
});

Deno.test("--abort-on-error tells the first failure in the order of the file, and copies nothing after it", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const result = await bench.run("once --abort-on-error", BAD);
  assertSaid(result, { exit: 1 });
  strictEqual(result.rest, "invalid input");
  strictEqual(await bench.digest("t/e:1"), "");
});

Deno.test("--abort-on-error waits for an earlier step that fails late", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const gate = Promise.withResolvers<void>();
  bench.S.faults.push({
    path: /manifests\/slow/,
    status: 404,
    wait: () => gate.promise,
  });
  const running = bench.run(
    "once --abort-on-error",
    `
sync:
- {source: S/test/repo:slow, target: T/t/a:1, type: image}
- {source: S/test/repo:v2, target: T/t/b:1, type: image}
- {source: S/test/repo:nope, target: T/t/c:1, type: image}
`,
  );
  const seen = (path: string) => bench.S.requests.some((r) => r.path === path);
  await until(() => seen("/v2/test/repo/manifests/nope"));
  // Time enough for a copy that does not wait for its turn.
  await new Promise((resolve) => setTimeout(resolve, 60));
  gate.resolve();
  const result = await running;
  strictEqual(result.exit, 1);
  match(result.rest, /slow/);
  strictEqual(result.rest.split("\n").length, 1);
  strictEqual(await bench.digest("t/b:1"), "");
});

Deno.test("parallel --abort-on-error ends the run at a failure", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  const never = new Promise<void>(() => {});
  bench.S.faults.push({ path: /manifests\/slow/, wait: () => never });
  const result = await bench.run(
    "once --abort-on-error",
    `
defaults: {parallel: 2}
sync:
- {source: S/test/repo:slow, target: T/t/a:1, type: image}
- {source: S/test/repo:nope, target: T/t/c:1, type: image}
`,
  );
  strictEqual(result.exit, 1);
  match(result.rest, /nope|not found/);
});

Deno.test("steps that build on each other run in the order of the file", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2"] });
  const yaml = `
defaults: {parallel: 4}
sync:
- {source: S/test/repo:v1, target: T/t/r:new, type: image}
- {source: T/t/r:new, target: T/t/chain:new, type: image}
`;
  assertSaid(await bench.run("once", yaml), { exit: 0 });
  const { v1, v2 } = bench.images;
  strictEqual(await bench.digest("t/chain:new"), v1?.root.digest);
  // A rotation: what is there is kept before it is replaced.
  const rotate = `
sync:
- {source: T/t/r:new, target: T/t/r:old, type: image}
- {source: S/test/repo:v2, target: T/t/r:new, type: image}
`;
  assertSaid(await bench.run("once", rotate), { exit: 0 });
  deepStrictEqual(
    [await bench.digest("t/r:old"), await bench.digest("t/r:new")],
    [v1?.root.digest, v2?.root.digest],
  );
});
