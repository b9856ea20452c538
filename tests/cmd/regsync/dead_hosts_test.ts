import { deepStrictEqual } from "node:assert/strict";
import { type ErrorCode, RegError } from "../../../src/base/errors.ts";
import { DeadHosts } from "../../../src/cmd/regsync/dead_hosts.ts";
import { CopyError } from "../../../src/registry/copy_error.ts";

const failure = (side: "source" | "target", code: ErrorCode) =>
  new CopyError(side, "no", { cause: new RegError(code, "no") });

Deno.test("DeadHosts knows which host a copy could not reach, and since when", () => {
  const hosts = new DeadHosts();
  hosts.note("a", 5, failure("target", "network"));
  hosts.note("b", 5, failure("target", "timeout"));
  const since = (time: number) =>
    ["a", "b", "c"].map((host) => hosts.failedSince(host, time));
  deepStrictEqual(since(5), [true, true, false]);
  // What was looked at later may be there again.
  deepStrictEqual(since(6), [false, false, false]);
});

Deno.test("DeadHosts takes no other failure for a host that is down", () => {
  const hosts = new DeadHosts();
  hosts.note("a", 5, failure("source", "network"));
  hosts.note("a", 5, failure("target", "denied"));
  hosts.note("a", 5, new RegError("network", "no"));
  deepStrictEqual(hosts.failedSince("a", 0), false);
});

Deno.test("DeadHosts forgets a host that a copy reached", () => {
  const hosts = new DeadHosts();
  hosts.note("a", 5, failure("target", "network"));
  hosts.note("a", 6);
  deepStrictEqual(hosts.failedSince("a", 0), false);
});
