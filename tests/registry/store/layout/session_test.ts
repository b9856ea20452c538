import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { LayoutFiles } from "../../../../src/registry/store/layout/files.ts";
import { LayoutSession } from "../../../../src/registry/store/layout/session.ts";
import { readLayout } from "../../../support/layouts.ts";
import { noise } from "../../../support/images.ts";
import { tempDir } from "../../../support/temp.ts";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;

Deno.test("LayoutSession lets the last one to leave collect for all", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(dir.path);
  const [first, second] = [
    await LayoutSession.enter(files),
    await LayoutSession.enter(files),
  ];
  const collected: string[][] = [];
  const collect = (orphans: ReadonlySet<string>) => {
    collected.push([...orphans]);
    return Promise.resolve();
  };
  await first.leave(new Set([A]), collect);
  deepStrictEqual(collected, []);
  await second.leave(new Set([B]), collect);
  deepStrictEqual(collected, [[A, B]]);
  deepStrictEqual((await readLayout(dir.path)).others, []);
});

Deno.test("LayoutSession does exclusive work one at a time, across sessions", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(dir.path);
  const sessions = [
    await LayoutSession.enter(files),
    await LayoutSession.enter(files),
  ];
  let inside = 0;
  let most = 0;
  await Promise.all(
    [...sessions, ...sessions].map((session) =>
      session.exclusively(async () => {
        most = Math.max(most, ++inside);
        await Deno.stat(dir.path);
        inside--;
      })
    ),
  );
  strictEqual(most, 1);
  const signal = AbortSignal.abort(new Error("stop"));
  const [session] = sessions;
  await rejects(
    session?.exclusively(() => Promise.resolve(), { signal }) ??
      Promise.resolve(),
    /stop/,
  );
  for (const each of sessions) {
    await each.leave(new Set(), () => Promise.resolve());
  }
});

Deno.test("LayoutSession gives back what ended processes left, and drops what is forgotten", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(dir.path);
  const parts = await files.makeDirectory(".regkit", "parts");
  await files.makeDirectory(".regkit", "temporary");
  await Deno.writeFile(`${parts}/sha256-aa.1234`, noise(5, 1));
  await Deno.writeFile(`${parts}/sha256-bb.1234`, noise(5, 1));
  await Deno.utime(`${parts}/sha256-bb.1234`, 0, 0);
  await Deno.writeFile(files.path(".regkit", "temporary", "x"), noise(5, 1));
  const session = await LayoutSession.enter(files);
  const others = ["sha256-aa"].map((name) => `.regkit/parts/${name}`);
  deepStrictEqual((await readLayout(dir.path)).others, [
    ...others,
    ".regkit/use",
  ]);
  await session.leave(new Set(), () => Promise.resolve());
  deepStrictEqual((await readLayout(dir.path)).others, others);
});

Deno.test("LayoutSession leaves where another one has tidied up meanwhile", async () => {
  await using dir = await tempDir();
  const files = new LayoutFiles(dir.path);
  const session = await LayoutSession.enter(files);
  await Deno.remove(`${dir.path}/.regkit`, { recursive: true });
  let collected = false;
  await session.leave(new Set(["sha256:x"]), () => {
    collected = true;
    return Promise.resolve();
  });
  strictEqual(collected, false);
});
