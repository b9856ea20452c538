import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { scriptedFetch } from "./scripted_fetch.ts";

Deno.test("scriptedFetch() answers by request and state", async () => {
  const scripted = scriptedFetch([
    { request: "GET http://a/x", status: 401, then: "asked" },
    {
      request: "GET http://a/x",
      when: "asked",
      headers: { authorization: "Basic eA==", range: null },
      answer: "yes",
    },
  ]);
  strictEqual((await scripted.fetch("http://a/x")).status, 401);
  const answer = await scripted.fetch("http://a/x", {
    headers: { authorization: "Basic eA==" },
  });
  strictEqual(await answer.text(), "yes");
  deepStrictEqual(scripted.log, ["GET http://a/x", "GET http://a/x"]);
  scripted.assertDone();
});

Deno.test("scriptedFetch() fails on what it does not expect", async () => {
  const scripted = scriptedFetch([
    { request: "GET http://a/x", headers: { accept: "text/plain" } },
    { request: "GET http://a/y" },
  ]);
  await rejects(scripted.fetch("http://a/z"), /Unexpected request/);
  await rejects(scripted.fetch("http://a/x"), /header "accept"/);
  throws(() => scripted.assertDone(), /http:\/\/a\/y \(1 left\)/);
});
