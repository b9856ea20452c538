import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isRegError } from "../../../../src/base/errors.ts";
import {
  absent,
  attempt,
  list,
  moveFile,
  removeFile,
} from "../../../../src/registry/store/layout/file_system.ts";
import { tempDir } from "../../../support/temp.ts";

Deno.test("absent() hides what is not there and wraps other failures", async () => {
  await using dir = await tempDir();
  strictEqual(await absent(Deno.stat(`${dir.path}/none`)), undefined);
  strictEqual(await removeFile(`${dir.path}/none`), false);
  await Deno.mkdir(`${dir.path}/full/full`, { recursive: true });
  await rejects(
    removeFile(`${dir.path}/full`),
    (error) => isRegError(error, "file"),
  );
});

Deno.test("attempt() says what could not be done", async () => {
  await using dir = await tempDir();
  await rejects(attempt(Deno.stat(`${dir.path}/none`), "look"), {
    code: "file",
    message: /^Cannot look: No such file/,
  });
  strictEqual(await attempt(Promise.resolve(5)), 5);
});

Deno.test("moveFile() takes the place of what is there", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/a`, "new");
  await Deno.writeTextFile(`${dir.path}/b`, "old");
  await moveFile(`${dir.path}/a`, `${dir.path}/b`);
  strictEqual(await Deno.readTextFile(`${dir.path}/b`), "new");
  const names = (await Array.fromAsync(list(dir.path))).map((e) => e.name);
  deepStrictEqual(names, ["b"]);
  deepStrictEqual(await Array.fromAsync(list(`${dir.path}/none`)), []);
});
