import { notStrictEqual, strictEqual } from "node:assert/strict";
import { OpenLayouts } from "../../src/serve/open_layouts.ts";
import { tempDir } from "../support/temp.ts";

Deno.test("OpenLayouts keeps a layout open once it is written to, and not before", async () => {
  await using dir = await tempDir();
  await using layouts = new OpenLayouts(dir.path);
  notStrictEqual(layouts.toRead("app"), layouts.toRead("app"));
  const open = layouts.toWrite("app");
  strictEqual(layouts.toRead("app"), open);
  strictEqual(layouts.toWrite("app"), open);
  notStrictEqual(layouts.toRead("other"), open);
});

Deno.test("OpenLayouts leaves all when it is disposed", async () => {
  await using dir = await tempDir();
  const layouts = new OpenLayouts(dir.path);
  const { layout } = layouts.toWrite("app");
  await layout.temporaryDirectory();
  const before = await Array.fromAsync(Deno.readDir(`${dir.path}/app`));
  await layouts[Symbol.asyncDispose]();
  const after = await Array.fromAsync(Deno.readDir(`${dir.path}/app`));
  // Its own files, with the lock, go with it.
  strictEqual(after.length, before.length - 1);
});
