import { match, strictEqual } from "node:assert/strict";
import { assertSaid, syncBench } from "../../support/regsync.ts";

/** A target that holds a1, then a step that replaces it by a2. */
async function replace(backup: string) {
  await using stack = new AsyncDisposableStack();
  const bench = stack.use(await syncBench({ tags: ["v2", "a1", "a2"] }));
  await bench.run(
    "once",
    "sync: [{source: S/test/repo:a1, target: T/t1/repo:a1, type: image}]",
  );
  const result = await bench.run(
    "once",
    `sync:\n- source: S/test/repo:a2\n  target: T/t1/repo:a1\n  type: image\n  backup: ${backup}\n`,
  );
  const kept = stack.move();
  return Object.assign(bench, {
    result,
    a1: bench.images["a1"]?.root.digest ?? "",
    a2: bench.images["a2"]?.root.digest ?? "",
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  });
}

const NEEDED = '"Image sync needed" source=S/test/repo:a2 target=T/t1/repo:a1';

Deno.test("backup keeps the old image under another tag before it is replaced", async () => {
  await using after = await replace('"old-{{.Ref.Tag}}"');
  assertSaid(after.result, {
    exit: 0,
    info: [
      NEEDED,
      '"Saving backup" original=T/t1/repo:a1 backup=T/t1/repo:old-a1',
    ],
  });
  strictEqual(await after.digest("t1/repo:old-a1"), after.a1);
  strictEqual(await after.digest("t1/repo:a1"), after.a2);
});

Deno.test("backup can be a whole reference, with spaces around it", async () => {
  await using after = await replace(
    "' {{ .Ref.Registry }}/bk2/{{ .Ref.Repository }}:{{ .Ref.Tag }}-{{ .Step.Type }} '",
  );
  assertSaid(after.result, { exit: 0 });
  strictEqual(await after.digest("bk2/t1/repo:a1-image"), after.a1);
  strictEqual(await after.digest("t1/repo:a1"), after.a2);
});

Deno.test("backup with a template that fails leaves the target alone", async () => {
  await using after = await replace('"{{ .Ref.Nope }}"');
  assertSaid(after.result, {
    exit: 1,
    error: [
      /^"Failed to expand backup template" original=T\/t1\/repo:a1 backup-template="\{\{ \.Ref\.Nope \}\}" error="template: out:1:/,
      /^"Failed to sync"/,
    ],
  });
  strictEqual(await after.digest("t1/repo:a1"), after.a1);
});

Deno.test("backup that gives no reference leaves the target alone", async () => {
  await using after = await replace('"a/UP:x"');
  assertSaid(after.result, {
    exit: 1,
    error: [/^"Failed to parse backup reference" original=T\/t1\/repo:a1/],
  });
  strictEqual(await after.digest("t1/repo:a1"), after.a1);
});

Deno.test("backup that cannot be written warns, and the copy is made", async () => {
  for (const text of ['"UP PER"', '"{{ if false }}x{{ end }}"']) {
    await using after = await replace(text);
    strictEqual(after.result.exit, 0, after.result.stderr);
    match(
      after.result.messages("WARN").join("\n"),
      /"Failed to backup existing image" original=T\/t1\/repo:a1/,
    );
    strictEqual(await after.digest("t1/repo:a1"), after.a2);
  }
});

Deno.test("backup is not made where there is nothing to keep", async () => {
  await using bench = await syncBench({ tags: ["v2", "a1"] });
  const result = await bench.run(
    "once",
    "sync: [{source: S/test/repo:a1, target: T/t1/repo:a1, type: image, backup: old}]",
  );
  assertSaid(result, {
    exit: 0,
    info: ['"Image sync needed" source=S/test/repo:a1 target=T/t1/repo:a1'],
  });
  strictEqual(await bench.digest("t1/repo:old"), "");
});
