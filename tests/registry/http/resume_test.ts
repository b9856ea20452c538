import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { RegistryRequest } from "../../../src/registry/core.ts";
import { resume } from "../../../src/registry/http/resume.ts";
import { answer, answers, request } from "../../support/transport.ts";

const BLOB = request({ kind: "blob", path: "blobs/sha256:x" });

/** An answer that gives a text and then breaks, or ends. */
function part(
  text: string,
  options: {
    readonly breaks?: boolean;
    readonly headers?: Record<string, string>;
    readonly status?: number;
  } = {},
): Response {
  const { breaks = false, headers = {}, status = 200 } = options;
  let given = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (!given) controller.enqueue(new TextEncoder().encode(text));
      else if (breaks) controller.error(new Error("connection reset"));
      else controller.close();
      given = true;
    },
  });
  return answer(body, { status, headers });
}

const rest = (text: string, first: number, breaks = false) =>
  part(text, {
    breaks,
    status: 206,
    headers: { "content-range": `bytes ${first}-9/10` },
  });

async function read(
  list: readonly Response[],
  options: { readonly request?: RegistryRequest; readonly retries?: number } =
    {},
) {
  const { next, asked } = answers(...list);
  const response = await resume(options)(next)(options.request ?? BLOB);
  const ranges = () => asked.slice(1).map(({ headers }) => headers?.["range"]);
  return { text: response.text(), ranges };
}

Deno.test("resume() asks for the rest of a body that breaks, as often as it brings something", async () => {
  const { text, ranges } = await read([
    part("012", { breaks: true, headers: { "content-length": "10" } }),
    rest("345", 3, true),
    rest("6789", 6),
  ], { retries: 1 });
  strictEqual(await text, "0123456789");
  deepStrictEqual(ranges(), ["bytes=3-", "bytes=6-"]);
});

Deno.test("resume() notices a body that ends early, by its length or by the size that is known", async () => {
  for (const size of [undefined, 10]) {
    const headers: Record<string, string> = size
      ? {}
      : { "content-length": "10" };
    const { text } = await read(
      [part("01234", { headers }), rest("56789", 5)],
      {
        request: { ...BLOB, size },
      },
    );
    strictEqual(await text, "0123456789");
  }
});

Deno.test("resume() skips what it has where the registry knows no ranges", async () => {
  const { text } = await read([
    part("0123", { breaks: true, headers: { "content-length": "10" } }),
    part("0123456789"),
  ]);
  strictEqual(await text, "0123456789");
});

Deno.test("resume() goes on from the offset of a request that has one", async () => {
  const { text, ranges } = await read([
    part("45", {
      breaks: true,
      status: 206,
      headers: { "content-length": "6" },
    }),
    rest("6789", 6),
  ], { request: { ...BLOB, headers: { range: "bytes=4-" } } });
  strictEqual(await text, "456789");
  deepStrictEqual(ranges(), ["bytes=6-"]);
});

Deno.test("resume() gives up after so many breaks without a byte", async () => {
  const nothing = () => rest("", 3, true);
  const { text, ranges } = await read([
    part("012", { breaks: true, headers: { "content-length": "10" } }),
    nothing(),
    nothing(),
    nothing(),
  ], { retries: 2 });
  await rejects(text, /connection reset/);
  strictEqual(ranges().length <= 3, true);
});

Deno.test("resume() says at last what could not be read, and why", async () => {
  const action = "Cannot get blob x from y";
  const { text } = await read([
    part("012", { breaks: true, headers: { "content-length": "10" } }),
  ], { request: { ...BLOB, action }, retries: 0 });
  await rejects(text, {
    code: "network",
    message: `${action}: Cannot read body: connection reset`,
  });
});

Deno.test("resume() refuses another range than the one it asked for", async () => {
  const { text } = await read([
    part("012", { breaks: true, headers: { "content-length": "10" } }),
    rest("xyz", 5),
  ]);
  await rejects(text, /another range/);
});

Deno.test("resume() leaves manifests and raw bodies alone", async () => {
  for (const left of [request(), { ...BLOB, raw: true }]) {
    const given = part("012");
    const { next } = answers(given);
    strictEqual(await resume()(next)(left), given);
    await given.body?.cancel();
  }
});

Deno.test("resume() takes silence for a break", async () => {
  let cancelled = false;
  const silent = answer(
    new ReadableStream({
      cancel() {
        cancelled = true;
      },
    }),
    { headers: { "content-length": "10" } },
  );
  const { next } = answers(silent, rest("0123456789", 0));
  const response = await resume({ timeoutMs: 10 })(next)(BLOB);
  strictEqual(await response.text(), "0123456789");
  strictEqual(cancelled, true);
});

Deno.test("resume() asks for nothing more once its body is cancelled", async () => {
  const { next, asked } = answers(
    part("012", { headers: { "content-length": "10" } }),
  );
  const response = await resume()(next)(BLOB);
  await response.body?.cancel();
  strictEqual(asked.length, 1);
});
