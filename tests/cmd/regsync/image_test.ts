import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { assertSaid, syncBench } from "../../support/regsync.ts";

const A1 =
  "sync: [{source: S/test/repo:a1, target: T/t1/repo:a1, type: image}]";

Deno.test("check looks at both sides once and writes nothing", async () => {
  await using bench = await syncBench();
  for (let run = 0; run < 2; run++) {
    assertSaid(await bench.run("check", A1), {
      exit: 0,
      info: ['"Image sync needed" source=S/test/repo:a1 target=T/t1/repo:a1'],
    });
    deepStrictEqual(bench.S.take(), ["HEAD /v2/test/repo/manifests/a1"]);
    deepStrictEqual(bench.T.take(), ["HEAD /v2/t1/repo/manifests/a1"]);
  }
});

Deno.test("once copies, and then needs one request a side", async () => {
  await using bench = await syncBench();
  assertSaid(await bench.run("once", A1), { exit: 0 });
  strictEqual(
    await bench.digest("t1/repo:a1"),
    bench.images["a1"]?.root.digest,
  );
  bench.S.take();
  bench.T.take();
  const again = await bench.run("once -v debug", A1);
  assertSaid(again, { exit: 0, info: [] });
  strictEqual(
    again.messages("DEBUG").includes(
      '"Image matches" source=S/test/repo:a1 target=T/t1/repo:a1',
    ),
    true,
  );
  deepStrictEqual(bench.S.take(), ["HEAD /v2/test/repo/manifests/a1"]);
  deepStrictEqual(bench.T.take(), ["HEAD /v2/t1/repo/manifests/a1"]);
});

Deno.test("once --missing leaves a target that differs", async () => {
  await using bench = await syncBench();
  await bench.run("once", A1);
  const before = await bench.digest("t1/repo:a1");
  const result = await bench.run(
    "once --missing -v debug",
    "sync: [{source: S/test/repo:a2, target: T/t1/repo:a1, type: image}]",
  );
  assertSaid(result, { exit: 0, info: [] });
  match(result.messages("DEBUG").join("\n"), /"target exists" source=S/);
  strictEqual(await bench.digest("t1/repo:a1"), before);
});

const ARM =
  "sync: [{source: S/test/repo:v1, target: T/t/p:v1, type: image, platform: linux/arm64}]";

Deno.test("platform copies one entry, and finds it again without a copy", async () => {
  await using bench = await syncBench();
  const v1 = bench.images["v1"];
  const arm = v1?.manifests[1]?.descriptor.digest;
  assertSaid(await bench.run("once", ARM), {
    exit: 0,
    info: [`"Image sync needed" source=S/test/repo:v1@${arm} target=T/t/p:v1`],
  });
  strictEqual(await bench.digest("t/p:v1"), arm);
  bench.S.take();
  const again = await bench.run("once -v debug", ARM);
  match(again.messages("DEBUG").join("\n"), /"Image matches for platform"/);
  deepStrictEqual(bench.S.take(), [
    "HEAD /v2/test/repo/manifests/v1",
    `GET /v2/test/repo/manifests/${v1?.root.digest}`,
  ]);
});

Deno.test("platform that is not in the index fails, naming it", async () => {
  await using bench = await syncBench();
  const result = await bench.run("once", ARM.replace("arm64", "s390x"));
  strictEqual(result.exit, 1);
  match(
    result.messages("WARN").join("\n"),
    /^"Platform could not be found in source manifest list" platform=linux\/s390x/,
  );
  match(result.rest, /not found/);
  strictEqual(await bench.digest("t/p:v1"), "");
});

Deno.test("platform that cannot be parsed fails, after a warning at its place", async () => {
  await using bench = await syncBench();
  const result = await bench.run("once", ARM.replace("arm64", "%%"));
  strictEqual(result.exit, 1);
  match(result.messages("WARN")[0] ?? "", /key=sync\[0\]\.platform/);
  match(result.messages("WARN")[1] ?? "", /^"Could not parse platform"/);
  match(result.rest, /invalid platform component %% in linux\/%%/);
});

Deno.test("mediaTypes skips others, which is no failure", async () => {
  await using bench = await syncBench();
  const result = await bench.run(
    "once",
    'sync: [{source: S/test/repo:v1, target: T/t/p:v1, type: image, mediaTypes: ["application/vnd.oci.image.manifest.v1+json"]}]',
  );
  assertSaid(result, {
    exit: 0,
    info: [
      '"Skipping unsupported media type" ref=S/test/repo:v1 mediaType=application/vnd.oci.image.index.v1+json allowed=[application/vnd.oci.image.manifest.v1+json]',
    ],
  });
});

Deno.test("digestTags looks at an equal image again, fastCheck does not", async () => {
  await using bench = await syncBench();
  const step = "source: S/test/repo:v2, target: T/t/d:v2, type: image";
  await bench.run("once", `sync: [{${step}}]`);
  const result = await bench.run(
    "check",
    `sync: [{${step}, digestTags: true}]`,
  );
  assertSaid(result, {
    exit: 0,
    info: [
      '"Image refreshing" source=S/test/repo:v2 target=T/t/d:v2 forced=false digestTags=true referrers=false',
    ],
  });
  bench.S.take();
  bench.T.take();
  const fast = await bench.run(
    "once -v debug",
    `sync: [{${step}, digestTags: true, fastCopy: yes}]`,
  );
  assertSaid(fast, { exit: 0, info: [] });
  strictEqual(bench.S.take().length + bench.T.take().length, 2);
});

Deno.test("a target that cannot be looked at is copied to, with a warning", async () => {
  await using bench = await syncBench();
  bench.T.faults.push({ method: "HEAD", path: /manifests/, status: 403 });
  const check = await bench.run("check", A1);
  assertSaid(check, {
    exit: 0,
    info: ['"Image sync needed" source=S/test/repo:a1 target=T/t1/repo:a1'],
  });
  match(
    check.messages("WARN")[0] ?? "",
    /^"Failed to lookup target manifest" target=T\/t1\/repo:a1 error=.*403/,
  );
});

Deno.test("a source that is not there fails with its own words", async () => {
  await using bench = await syncBench();
  const result = await bench.run("once", A1.replace("repo:a1,", "repo:nope,"));
  assertSaid(result, {
    exit: 1,
    error: [
      /^"Failed to lookup source manifest" source=S\/test\/repo:nope error=.*not found/,
      /^"Failed to sync" target=T\/t1\/repo:a1 source=S\/test\/repo:nope error=/,
    ],
  });
  match(result.rest, /not found \[http 404\]|404/);
});

Deno.test("an image is copied by the digest that was looked at", async () => {
  await using bench = await syncBench();
  const { v1 } = bench.images;
  // The tag moves between the look and the copy.
  bench.S.faults.push({
    method: "GET",
    path: /manifests\/sha256/,
    times: 1,
    wait: () => bench.push(bench.images["v3"] ?? v1!, "v1"),
  });
  const step =
    "sync: [{source: S/test/repo:v1, target: T/t/r:v1, type: image}]";
  assertSaid(await bench.run("once", step), { exit: 0 });
  strictEqual(await bench.digest("t/r:v1"), v1?.root.digest);
  await bench.run("once", step);
  strictEqual(await bench.digest("t/r:v1"), bench.images["v3"]?.root.digest);
});
