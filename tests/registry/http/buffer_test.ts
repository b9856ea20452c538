import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { buffer } from "../../../src/registry/http/buffer.ts";
import { answer, answers, request } from "../../support/transport.ts";

const send = (
  response: Response,
  kind: "manifest" | "list" | "blob" = "manifest",
) => buffer()(answers(response).next)(request({ kind }));

Deno.test("buffer() gives a manifest's bytes, headers and URL as they came", async () => {
  const response = await send(
    answer("{}", { headers: { "x-a": "b" }, url: "https://r.example/m" }),
  );
  deepStrictEqual(
    [await response.text(), response.headers.get("x-a"), response.url],
    ["{}", "b", "https://r.example/m"],
  );
});

Deno.test("buffer() turns a body that breaks or ends early into a network error", async () => {
  const broken = new ReadableStream({
    pull(controller) {
      controller.error(new Error("reset"));
    },
  });
  await rejects(send(answer(broken)), { code: "network" });
  await rejects(
    send(answer("abc", { headers: { "content-length": "5" } })),
    /short read \[expected 5, received 3\]/,
  );
});

Deno.test("buffer() refuses manifests over 8 MiB, whether they say so or not", async () => {
  const size = 8 * 1024 * 1024 + 1;
  const says = answer("x", { headers: { "content-length": String(size) } });
  await rejects(
    send(says),
    /Manifest too large, received 8388609, limit 8388608/,
  );
  await rejects(send(answer(new Uint8Array(size))), { code: "limit" });
  strictEqual((await send(answer(new Uint8Array(size)), "list")).status, 200);
});

Deno.test("buffer() leaves blobs alone", async () => {
  const given = answer("x");
  strictEqual(await send(given, "blob"), given);
});
