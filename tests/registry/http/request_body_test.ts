import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fromBytes } from "../../../src/base/streams.ts";
import type { Deadline } from "../../../src/registry/http/deadline.ts";
import { openBody } from "../../../src/registry/http/request_body.ts";
import { request } from "../../support/transport.ts";

/** A limit that notes how it is renewed. */
function limit() {
  const renewed: (number | undefined)[] = [];
  const fake: Deadline = {
    signal: new AbortController().signal,
    renew: (ms) => void renewed.push(ms),
    [Symbol.dispose]() {},
  };
  return { fake, renewed };
}

Deno.test("openBody() renews the limit with each chunk, and gives time to commit at the end", async () => {
  const { fake, renewed } = limit();
  const open = () =>
    Promise.resolve(fromBytes(new Uint8Array(2), new Uint8Array(3)));
  const body = await openBody(
    request({ kind: "upload", body: { size: 5, open } }),
    { limit: fake, timeoutMs: 7, onError: () => {} },
  );
  strictEqual(body instanceof Uint8Array, false);
  if (body === undefined || body instanceof Uint8Array) return;
  strictEqual((await new Response(body.stream).bytes()).length, 5);
  deepStrictEqual(renewed, [Infinity, 7, 7, 7, 70]);
});

Deno.test("openBody() tells why the source broke, not that we stopped it", async () => {
  const { fake } = limit();
  const errors: unknown[] = [];
  const options = {
    limit: fake,
    timeoutMs: 7,
    onError: (reason: unknown) => errors.push(reason),
  };
  const open = (stream: ReadableStream<Uint8Array>) =>
    openBody(
      request({ body: { size: 5, open: () => Promise.resolve(stream) } }),
      options,
    );
  const broken = await open(
    new ReadableStream({
      pull: (controller) => controller.error(new Error("cable")),
    }),
  );
  if (!broken || broken instanceof Uint8Array) throw new Error("no stream");
  await rejects(new Response(broken.stream).bytes(), /cable/);
  strictEqual(String(errors[0]), "Error: cable");
  const stopped = await open(new ReadableStream());
  if (!stopped || stopped instanceof Uint8Array) throw new Error("no stream");
  await stopped.stream.cancel();
  strictEqual(errors.length, 1);
});

Deno.test("openBody() leaves bytes and untouched bodies as they are", async () => {
  const { fake } = limit();
  const options = { limit: fake, timeoutMs: 7, onError: () => {} };
  const bytes = new Uint8Array(3);
  strictEqual(await openBody(request({ body: bytes }), options), bytes);
  strictEqual(await openBody(request(), options), undefined);
  const stream = fromBytes(bytes);
  const open = () => Promise.resolve(stream);
  deepStrictEqual(
    await openBody(
      request({ body: { size: 3, untouched: true, open } }),
      options,
    ),
    { stream, size: 3, untouched: true },
  );
});
