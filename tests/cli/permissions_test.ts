import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  changes,
  type Need,
  type Permissions,
  READS,
  restrict,
} from "../../src/cli/permissions.ts";
import { tried } from "../support/tried.ts";
import { cli } from "../support/cli.ts";
import { sample } from "./sample_tool.ts";

/** Permissions that only say what became of them. */
function recorded(): Permissions & { readonly dropped: Set<Need> } {
  const dropped = new Set<Need>();
  return {
    dropped,
    granted: () => [],
    givenUp: dropped,
    settle: (need, isNeeded) => {
      if (!isNeeded) dropped.add(need);
    },
  };
}

Deno.test("restrict() gives up what is not needed, and nothing else", () => {
  const permissions = recorded();
  restrict(permissions, READS);
  deepStrictEqual([...permissions.dropped], ["write"]);
  restrict(permissions, []);
  deepStrictEqual([...permissions.dropped].sort(), ["net", "run", "write"]);
});

Deno.test("a command that declares nothing keeps nothing", async () => {
  const permissions = recorded();
  await cli(sample, ["group", "echo", "word"], { permissions });
  strictEqual(permissions.dropped.size, 3);
});

Deno.test("changes() keeps writing for layouts alone", () => {
  const needs = (...args: string[]) => changes({ args, flags: {} });
  strictEqual(needs("a/b:1", "c/d:2").includes("write"), false);
  strictEqual(needs("a/b:1", "ocidir://x").includes("write"), true);
  for (const flag of ["ocidir://x", ["a/b:1", "ocidir://x"]]) {
    const call = { args: ["a/b:1"], flags: { "referrers-tgt": flag } };
    strictEqual(changes(call).includes("write"), true);
  }
});

const SCRIPT = new URL("../support/probe.ts", import.meta.url).pathname;
const FLAGS = ["run", "-A", "--no-check", "--quiet"];

Deno.test("what is given up is really gone", async () => {
  const words = (name: string) => [Deno.execPath(), ...FLAGS, SCRIPT, name];
  deepStrictEqual(await tried(words("nothing")), ["read"]);
  deepStrictEqual(await tried(words("reads")), [
    "net",
    "read",
    "run",
    "settle",
  ]);
  deepStrictEqual(await tried(words("writes")), [
    "net",
    "read",
    "run",
    "settle",
    "write",
  ]);
});
