import { rejects, strictEqual } from "node:assert/strict";
import { RegError } from "../../src/base/errors.ts";
import { at, CopyError } from "../../src/registry/copy_error.ts";
import { TestHost } from "../support/test_store.ts";

const store = new TestHost("a.io").repository("x");

Deno.test("at() adds the side and keeps code and text", async () => {
  const fail = () => Promise.reject(new RegError("denied", "no [http 403]"));
  await rejects(at("source", ["list tags", store], fail), {
    code: "denied",
    side: "source",
    message: 'Cannot list tags from "a.io/x": no [http 403]',
  });
});

Deno.test("at() does not repeat what a store says itself", async () => {
  const text = 'Cannot list tags of "a.io/x": denied [http 403]';
  const fail = () => Promise.reject(new RegError("denied", text));
  await rejects(at("source", ["list tags", store], fail), { message: text });
});

Deno.test("at() says what a store leaves out: the place, the thing", async () => {
  const digest = `sha256:${"0".repeat(64)}` as const;
  const node = { mediaType: "a/b", digest, size: 1 };
  const fail = () => Promise.reject(new RegError("file", 'Cannot write "x"'));
  await rejects(at("target", ["push blob", store, node], fail), {
    code: "file",
    message: `Cannot push blob ${digest} to "a.io/x": Cannot write "x"`,
  });
});

Deno.test("at() tells of the source what broke there during a push", async () => {
  const other = new TestHost("b.io").repository("y");
  const push = (text: string) =>
    at(
      "target",
      ["push blob", store],
      () => Promise.reject(new RegError("timeout", text)),
      other,
    );
  const text = 'Cannot get blob sha256:0 from "b.io/y": nothing came';
  await rejects(push(text), { side: "source", message: text });
  await rejects(push("nothing came"), {
    side: "target",
    message: 'Cannot push blob to "a.io/x": nothing came',
  });
});

Deno.test("at() finds and mounts in a store", async () => {
  const fail = () => Promise.reject(new RegError("file", "no"));
  for (const verb of ["find manifest", "mount blob"]) {
    await rejects(at("target", [verb, store], fail), {
      message: `Cannot ${verb} in "a.io/x": no`,
    });
  }
});

Deno.test("at() wraps once, and never an abort", async () => {
  const inner = new CopyError("source", "read", { cause: new Error("x") });
  await rejects(
    at("target", ["push", store], () => Promise.reject(inner)),
    (error) => error === inner,
  );
  const abort = AbortSignal.abort().reason;
  await rejects(
    at("target", ["push", store], () => Promise.reject(abort)),
    (error) => error === abort,
  );
  strictEqual(inner.code, "network");
});
