import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { RegError } from "../../src/base/errors.ts";
import { BrokenPipe, Interrupted } from "../../src/cli/io.ts";
import { cli } from "../support/cli.ts";
import { failure, sample } from "./sample_tool.ts";

Deno.test("run() prints an error once, with its hint, on stderr", async () => {
  const { exit, stdout, stderr } = await cli(sample, ["gruop"]);
  deepStrictEqual({ exit, stdout, stderr }, {
    exit: 2,
    stdout: "",
    stderr: 'error: unknown command "gruop" for "sample"\n' +
      "hint: did you mean group? see `sample --help`\n",
  });
});

Deno.test("run() gives the status that a command returns", async () => {
  const { exit, stdout } = await cli(sample, [
    "g",
    "many",
    "a",
    "b",
    "--config=c",
  ]);
  deepStrictEqual([exit, stdout], [3, "a,b c"]);
});

Deno.test("run() prints an error as one line of JSON where asked", async () => {
  failure.error = new RegError("not_found", "Cannot find it\nat all");
  const { exit, stderr } = await cli(sample, ["g", "fail", "--logopt", "json"]);
  strictEqual(exit, 1);
  const lines = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual(lines.map(({ level, msg }) => [level, msg]), [
    ["WARN", "About to fail"],
    ["ERROR", "Cannot find it\nat all"],
  ]);
});

Deno.test("run() adds the causes at debug only", async () => {
  failure.error = new RegError("http", "Outer", { cause: new Error("Inner") });
  match(
    (await cli(sample, ["g", "fail", "-vdebug"])).stderr,
    /caused by: Error: Inner/,
  );
  strictEqual(
    (await cli(sample, ["g", "fail", "-verror"])).stderr,
    "error: Outer\n",
  );
});

Deno.test("run() tells what failed first, not what failed in cleaning up", async () => {
  const first = new RegError("usage", "No room");
  failure.error = new SuppressedError(new Error("No lock"), first, "later");
  const { exit, stderr } = await cli(sample, ["g", "fail", "-verror"]);
  deepStrictEqual([exit, stderr], [2, "error: No room\n"]);
});

Deno.test("run() prints errors alone for tools with raw errors", async () => {
  failure.error = new RegError("config", "open x: no such file");
  const { exit, stderr } = await cli({ ...sample, errors: "raw" }, [
    "g",
    "fail",
    "-v",
    "error",
  ]);
  deepStrictEqual([exit, stderr], [1, "open x: no such file\n"]);
});

Deno.test("run() takes a reader that went away for success", async () => {
  const { exit, stderr } = await cli(sample, ["g", "echo", "a"], {
    stdoutError: new BrokenPipe("Cannot write"),
  });
  deepStrictEqual([exit, stderr], [0, ""]);
});

Deno.test("run() says nothing when interrupted", async () => {
  const signal = AbortSignal.abort(new Interrupted("SIGINT"));
  const { exit, stderr } = await cli(sample, ["g", "fail", "-verror"], {
    signal,
  });
  deepStrictEqual([exit, stderr], [130, ""]);
});
