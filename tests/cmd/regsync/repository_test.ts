import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { image, writeLayout } from "../../support/images.ts";
import {
  assertSaid,
  type SyncBench,
  syncBench,
  type SyncResult,
} from "../../support/regsync.ts";

const step = (rules: string) =>
  `sync:\n- source: S/test/repo\n  target: T/t/repo\n  type: repository\n${rules}`;

/** The tags that a check would copy. */
function needed(result: SyncResult): string[] {
  return result.messages().flatMap((line) =>
    /"Image sync needed" .* target=\S+:(\S+)$/.exec(line)?.[1] ?? []
  ).sort();
}

async function selected(bench: SyncBench, rules: string): Promise<string[]> {
  const result = await bench.run("check", step(rules));
  strictEqual(result.exit, 0, result.stderr);
  return needed(result);
}

Deno.test("tags are chosen by patterns, ranges and sets", async () => {
  await using bench = await syncBench();
  const all = ["a1", "a2", "b1", "child", "v1", "v2", "v3"];
  for (
    const [rules, tags] of [
      ["", all],
      // Bound as a whole: `a1` does not end the second half.
      ['  tags: {allow: ["v1|a"]}', ["v1"]],
      ['  tags: {semverRange: ["<=2"]}', ["v1", "v2"]],
      ['  tags: {allow: ["v.*"], deny: [v2]}', ["v1", "v3"]],
      ['  tagSets: [{allow: ["v.*"], deny: [v2]}, {allow: [v3, a1]}]', [
        "a1",
        "v1",
        "v3",
      ]],
      ['  tagSets: [{allow: ["b.*"]}]\n  tags: {allow: ["c.*"]}', [
        "b1",
        "child",
      ]],
      ['  tags: {allow: ["*"]}', all],
    ] as const
  ) deepStrictEqual(await selected(bench, rules), [...tags], rules);
});

Deno.test("versions are compared as versions, from a layout too", async () => {
  await using bench = await syncBench({ tags: [] });
  for (const [seed, tag] of ["3.1", "3.10", "3.9", "latest"].entries()) {
    const dir = `${bench.dir}/tags/${tag}`;
    await writeLayout(dir, await image({ seed }), tag);
    await bench.run(
      "once",
      `sync: [{source: 'ocidir://${dir}:${tag}', target: 'ocidir://${bench.dir}/all:${tag}', type: image}]`,
    );
  }
  const result = await bench.run(
    "check",
    `sync: [{source: 'ocidir://$DIR/all', target: T/t/repo, type: repository, tags: {semverRange: [">=3.1 <3.10"]}}]`,
  );
  deepStrictEqual(needed(result), ["3.1", "3.9"]);
});

Deno.test("no tag that matches is a warning, and no failure", async () => {
  await using bench = await syncBench({ tags: ["child"] });
  const result = await bench.run("once", step('  tags: {allow: ["zzz.*"]}'));
  strictEqual(result.exit, 0);
  deepStrictEqual(result.messages("WARN"), [
    '"No matching tags found" source=S/test/repo:latest tags="{Allow:[zzz.*] Deny:[] SemverRange:[]}" tagSets=[] available=[child]',
  ]);
  const literal = await bench.run("once", step("  tags: {allow: [zzz]}"));
  strictEqual(literal.exit, 0);
  match(
    literal.messages("WARN")[0] ?? "",
    /^"No matching tags found" .* available=\[child\]$/,
  );
});

Deno.test("a repository that is not there fails its step, also where its tags are spelt out", async () => {
  await using bench = await syncBench({ tags: ["child"] });
  const result = await bench.run(
    "once",
    step("  tags: {allow: [child]}").replace("test/repo", "tset/repo"),
  );
  assertSaid(result, { exit: 1, error: [/^"Failed getting source tags"/] });
  match(result.rest, /tset\/repo/);
});

Deno.test("tags that are spelt out are asked for, and none are listed", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2", "a1"] });
  const rules = '  tags: {allow: [v1, v2, v9, "a\\\\.1"], deny: ["v2"]}';
  deepStrictEqual(await selected(bench, rules), ["v1"]);
  deepStrictEqual(bench.S.take().sort(), [
    "HEAD /v2/test/repo/manifests/a.1",
    "HEAD /v2/test/repo/manifests/v1",
    "HEAD /v2/test/repo/manifests/v9",
  ]);
});

Deno.test("a broken pattern fails its step, and the next one is done", async () => {
  await using bench = await syncBench({ tags: ["v2", "a1"] });
  const result = await bench.run(
    "once",
    step('  tags: {allow: ["(a"]}\n') +
      "- {source: S/test/repo:a1, target: T/t1/repo:a1, type: image}",
  );
  assertSaid(result, {
    exit: 1,
    error: [
      /^"Failed processing tag filters" source=S\/test\/repo allow=\[\(a\] deny=\[\] semverRange=\[\] error="invalid allow pattern .*missing closing \)/,
    ],
  });
  match(result.rest, /^invalid allow pattern "\(a": error parsing regexp: /);
  strictEqual(await bench.digest("t1/repo:a1") !== "", true);
});

Deno.test("once --missing asks for the target's tags, and copies the others", async () => {
  await using bench = await syncBench({ tags: ["v1", "v2", "v3"] });
  await bench.run("once", step('  tags: {allow: ["v1"]}'));
  bench.S.take();
  bench.T.take();
  const result = await bench.run(
    "once --missing --output json",
    step('  tags: {allow: ["v."]}'),
  );
  deepStrictEqual(needed(result), ["v2", "v3"]);
  const { images, totals } = JSON.parse(result.stdout);
  deepStrictEqual(
    images.map(({ outcome }: { outcome: string }) => outcome),
    ["exists", "copied", "copied"],
  );
  deepStrictEqual([totals.checked, totals.skipped], [3, 1]);
  strictEqual(
    bench.T.take().includes("HEAD /v2/t/repo/manifests/v1"),
    false,
  );
});

Deno.test("one tag's failure stops no other", async () => {
  await using bench = await syncBench();
  bench.S.faults.push({ path: /manifests\/v2/, status: 400, body: "bad" });
  const result = await bench.run("once", step('  tags: {allow: ["v."]}'));
  strictEqual(result.exit, 1);
  for (const tag of ["v1", "v3"]) {
    strictEqual(
      await bench.digest(`t/repo:${tag}`),
      bench.images[tag]?.root.digest,
    );
  }
  strictEqual(await bench.digest("t/repo:v2"), "");
  match(result.rest, /manifests\/v2|v2/);
});

Deno.test("a source that cannot list its tags fails the step", async () => {
  await using bench = await syncBench({ tags: [] });
  const result = await bench.run("once", step(""));
  assertSaid(result, {
    exit: 1,
    error: [/^"Failed getting source tags" source=S\/test\/repo:latest error=/],
  });
});

Deno.test("a registry step takes the repositories that match", async () => {
  await using bench = await syncBench();
  await bench.push(await image({ seed: 7 }), "x", "other");
  bench.S.take();
  const result = await bench.run(
    "check",
    'sync:\n- source: S\n  target: T/mirror\n  type: registry\n  repos: {allow: ["test/.*"]}\n  tags: {allow: ["v.*"]}',
  );
  strictEqual(result.exit, 0, result.stderr);
  deepStrictEqual(
    result.messages().map((line) => line.replace(/^.*target=/, "")).sort(),
    [1, 2, 3].map((n) => `T/mirror/test/repo:v${n}`),
  );
  const requests = bench.S.take();
  strictEqual(requests.includes("GET /v2/_catalog"), true);
  strictEqual(requests.includes("GET /v2/_catalog?last=test%2Frepo"), true);
  strictEqual(requests.some((line) => line.includes("/other/")), false);
});

Deno.test("a registry step refuses a source that is no registry", async () => {
  await using bench = await syncBench({ tags: [] });
  const result = await bench.run(
    "once",
    "sync: [{source: S/test, target: T/mirror, type: registry}]",
  );
  assertSaid(result, {
    exit: 1,
    error: [
      /^"Failed to list source repositories" source=S\/test error="invalid hostname: S\/test"/,
    ],
  });
});
