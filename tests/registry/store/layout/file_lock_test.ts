import { rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../../src/base/errors.ts";
import {
  lockFile,
  tryLockFile,
} from "../../../../src/registry/store/layout/file_lock.ts";
import { tempDir } from "../../../support/temp.ts";

Deno.test("tryLockFile() admits many that share, or one alone", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/lock`;
  {
    using one = await tryLockFile(path, "shared");
    using two = await tryLockFile(path, "shared");
    strictEqual(one !== undefined && two !== undefined, true);
    strictEqual(await tryLockFile(path), undefined);
  }
  using alone = await tryLockFile(path);
  strictEqual(alone !== undefined, true);
  strictEqual(await tryLockFile(path, "shared"), undefined);
});

Deno.test("tryLockFile() leaves one empty file", async () => {
  await using dir = await tempDir();
  using _lock = await tryLockFile(`${dir.path}/lock`);
  const names = (await Array.fromAsync(Deno.readDir(dir.path))).map((e) =>
    e.name
  );
  strictEqual(names.join(), "lock");
  strictEqual((await Deno.stat(`${dir.path}/lock`)).size, 0);
});

Deno.test("tryLockFile() takes a lock whose holder was killed", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/lock`;
  const module = import.meta.resolve(
    "../../../../src/registry/store/layout/file_lock.ts",
  );
  const holder = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { tryLockFile } from "${module}";
       console.log(await tryLockFile(${JSON.stringify(path)}) !== undefined);
       await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = holder.stdout.pipeThrough(new TextDecoderStream()).getReader();
  strictEqual((await reader.read()).value, "true\n");
  strictEqual(await tryLockFile(path), undefined);
  holder.kill("SIGKILL");
  await holder.status;
  await reader.cancel();
  using lock = await tryLockFile(path);
  strictEqual(lock !== undefined, true);
});

Deno.test("lockFile() waits for its turn, and gives up when told to", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/lock`;
  const held = await lockFile(path);
  const controller = new AbortController();
  const hasty = lockFile(path, { signal: controller.signal });
  const patient = lockFile(path, { pollMs: 1 });
  controller.abort(new Error("enough"));
  await rejects(hasty, /enough/);
  held[Symbol.dispose]();
  using _lock = await patient;
});

Deno.test("tryLockFile() follows no link and says what it cannot lock", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/lock`;
  await Deno.symlink(`${dir.path}/elsewhere`, path);
  await rejects(tryLockFile(path), (error) => isRegError(error));
  await rejects(Deno.stat(`${dir.path}/elsewhere`), Deno.errors.NotFound);
  await rejects(
    tryLockFile(`${dir.path}/none/lock`),
    (error) => isRegError(error, "file"),
  );
});
