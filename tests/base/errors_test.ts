import { strictEqual } from "node:assert/strict";
import {
  asError,
  firstFailure,
  isAbort,
  isRegError,
  messageOf,
  RegError,
} from "../../src/base/errors.ts";

Deno.test("isRegError() asks for one of several codes", () => {
  const error = new RegError("not_found", "no", { cause: 5 });
  strictEqual(isRegError(error), true);
  strictEqual(isRegError(error, "denied", "not_found"), true);
  strictEqual(isRegError(error, "denied"), false);
  strictEqual(isRegError(new Error("no")), false);
  strictEqual(error.cause, 5);
});

Deno.test("isAbort() knows what signals throw", () => {
  strictEqual(isAbort(AbortSignal.abort().reason), true);
  strictEqual(isAbort(new Error("no")), false);
});

Deno.test("messageOf() takes anything that was thrown", () => {
  strictEqual(messageOf(new Error("a")), "a");
  strictEqual(messageOf("b"), "b");
});

Deno.test("messageOf() has no advice for those who compile", () => {
  const text = 'Requires all access to "/dev/shm/a", specify the required ' +
    "permissions during compilation using `deno compile --allow-all`";
  strictEqual(
    messageOf(new Deno.errors.NotCapable(text)),
    '"/dev/shm/a" is out of reach: Deno keeps programs from files below /dev, /proc and /sys',
  );
});

Deno.test("firstFailure() and messageOf() look behind what failed in cleaning up", () => {
  const first = new Error("a");
  const twice = new SuppressedError(
    new Error("c"),
    new SuppressedError(new Error("b"), first),
  );
  strictEqual(firstFailure(twice), first);
  strictEqual(messageOf(twice), "a");
  strictEqual(firstFailure(first), first);
});

Deno.test("asError() leaves errors alone and makes one of anything else", () => {
  const error = new Error("x");
  strictEqual(asError(error), error);
  strictEqual(asError("text").message, "text");
});
