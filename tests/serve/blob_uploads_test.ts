import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { digestOf } from "../../src/registry/digest.ts";
import {
  createRegistry,
  MemoryStorage,
  type RegistryOptions,
} from "../../src/serve/mod.ts";
import { describe, noise } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";

const BLOB = describe("application/octet-stream", noise(2000, 1));
const { digest } = BLOB.descriptor;

function registry(options: RegistryOptions = {}): RegistryApi {
  return new RegistryApi(createRegistry(new MemoryStorage(), options));
}

async function has(api: RegistryApi, wanted: string = digest) {
  const { status, bytes } = await api.ask(`GET app/blobs/${wanted}`);
  return status === 200 && digestOf(bytes, wanted.split(":")[0]) === wanted;
}

for (const algorithm of ["sha256", "sha512"]) {
  const wanted = digestOf(BLOB.bytes, algorithm);

  Deno.test(`An upload of a ${algorithm} blob takes one request`, async () => {
    const api = registry();
    const answer = await api.ask(
      `POST app/blobs/uploads/?digest=${wanted}`,
      { body: BLOB.bytes },
    );
    strictEqual(answer.status, 201);
    strictEqual(answer.headers.get("location"), `/v2/app/blobs/${wanted}`);
    strictEqual(await has(api, wanted), true);
  });

  Deno.test(`An upload of a ${algorithm} blob takes two requests`, async () => {
    const api = registry();
    const path = await api.begin("app");
    const put = await api.ask(`PUT ${path}?digest=${wanted}`, {
      body: BLOB.bytes,
    });
    strictEqual(put.status, 201);
    strictEqual(await has(api, wanted), true);
  });
}

Deno.test("An upload in chunks tells how far it is, and goes on in order only", async () => {
  const api = registry();
  const path = await api.begin("app");
  const chunk = (start: number, end: number) =>
    api.ask(`PATCH ${path}`, {
      headers: { "content-range": `${start}-${end - 1}` },
      body: BLOB.bytes.slice(start, end),
    });
  strictEqual((await chunk(0, 1000)).headers.get("range"), "0-999");
  const skipped = await chunk(1500, 2000);
  strictEqual(skipped.status, 416);
  strictEqual(skipped.headers.get("range"), "0-999");
  const status = await api.ask(`GET ${path}`);
  strictEqual(status.status, 204);
  strictEqual(status.headers.get("range"), "0-999");
  strictEqual(status.headers.get("location"), path);
  strictEqual((await chunk(1000, 2000)).status, 202);
  strictEqual((await api.ask(`PUT ${path}?digest=${digest}`)).status, 201);
  strictEqual(await has(api), true);
  strictEqual((await api.ask(`GET ${path}`)).status, 404);
});

Deno.test("An upload may end with its last chunk", async () => {
  const api = registry();
  const path = await api.begin("app");
  await api.ask(`PATCH ${path}`, { body: BLOB.bytes.slice(0, 500) });
  const put = await api.ask(`PUT ${path}?digest=${digest}`, {
    headers: { "content-range": "500-1999" },
    body: BLOB.bytes.slice(500),
  });
  strictEqual(put.status, 201);
  strictEqual(await has(api), true);
});

Deno.test("An upload with another digest leaves nothing", async () => {
  const api = registry();
  const path = await api.begin("app");
  const put = await api.ask(`PUT ${path}?digest=${digest}`, { body: "other" });
  deepStrictEqual([put.status, put.codes], [400, ["DIGEST_INVALID"]]);
  strictEqual((await api.ask(`GET ${path}`)).status, 404);
  strictEqual((await api.ask(`HEAD app/blobs/${digest}`)).status, 404);
});

Deno.test("An upload without a digest, or with a bad one, is not over", async () => {
  const api = registry();
  const path = await api.begin("app");
  for (const query of ["", "?digest=sha256:zz", "?digest=../../x"]) {
    const put = await api.ask(`PUT ${path}${query}`, { body: BLOB.bytes });
    deepStrictEqual([put.status, put.codes], [400, ["DIGEST_INVALID"]]);
  }
  const put = await api.ask(`PUT ${path}?digest=${digest}`, {
    body: BLOB.bytes,
  });
  strictEqual(put.status, 201);
});

Deno.test("An upload can be cancelled", async () => {
  const api = registry();
  const path = await api.begin("app");
  strictEqual((await api.ask(`DELETE ${path}`)).status, 204);
  const late = await api.ask(`PATCH ${path}`, { body: BLOB.bytes });
  deepStrictEqual([late.status, late.codes], [404, ["BLOB_UPLOAD_UNKNOWN"]]);
});

Deno.test("Two uploads of one blob at once are both right", async () => {
  const api = registry();
  const paths = [await api.begin("app"), await api.begin("app")];
  const puts = await Promise.all(
    paths.map((path) =>
      api.ask(`PUT ${path}?digest=${digest}`, { body: BLOB.bytes })
    ),
  );
  deepStrictEqual(puts.map((put) => put.status), [201, 201]);
  strictEqual(await has(api), true);
});

Deno.test("A blob is mounted from the repository that was named, or from any", async () => {
  const api = registry();
  await api.pushBlob("base/image", BLOB);
  for (const from of ["&from=base/image", ""]) {
    const query = `?mount=${digest}${from}`;
    const answer = await api.ask(
      `POST app${from.length}/blobs/uploads/${query}`,
    );
    strictEqual(answer.status, 201);
    strictEqual(answer.headers.get("docker-content-digest"), digest);
  }
});

Deno.test("What cannot be mounted becomes an upload", async () => {
  const api = registry();
  await api.pushBlob("base", BLOB);
  for (
    const query of [
      `mount=${digest}&from=none`,
      `mount=${digest}&from=../base`,
      "mount=sha256:zz&from=base",
      `mount=sha256:${"0".repeat(64)}`,
    ]
  ) await api.begin("app", `?${query}`);
  strictEqual((await api.ask(`HEAD app/blobs/${digest}`)).status, 404);
});

Deno.test("An upload is refused when it is, or says it is, too large", async () => {
  const api = registry({ limits: { maxBlob: 1999 } });
  const query = `?digest=${digest}`;
  const whole = await api.ask(`POST app/blobs/uploads/${query}`, {
    body: BLOB.bytes,
  });
  deepStrictEqual([whole.status, whole.codes], [413, ["SIZE_INVALID"]]);
  const path = await api.begin("app");
  const liar = await api.ask(`PATCH ${path}`, {
    headers: { "content-length": "2000" },
    body: "not that much",
  });
  strictEqual(liar.status, 413);
});

Deno.test("A smallest chunk is announced, and kept to", async () => {
  const api = registry({ limits: { minChunk: 600 } });
  const begun = await api.ask("POST app/blobs/uploads/");
  strictEqual(begun.headers.get("oci-chunk-min-length"), "600");
  const path = begun.headers.get("location") ?? "";
  const chunk = (method: string, start: number, end: number) =>
    api.ask(`${method} ${path}${method === "PUT" ? `?digest=${digest}` : ""}`, {
      headers: { "content-range": `${start}-${end - 1}` },
      body: BLOB.bytes.slice(start, end),
    });
  strictEqual((await chunk("PATCH", 0, 600)).status, 202);
  strictEqual((await chunk("PATCH", 600, 700)).status, 202);
  const late = await chunk("PATCH", 700, 1400);
  deepStrictEqual([late.status, late.codes], [400, ["SIZE_INVALID"]]);
});

Deno.test("The digest's algorithm may be named at the beginning", async () => {
  const api = registry();
  const wanted = digestOf(BLOB.bytes, "sha512");
  const path = await api.begin("app", "?digest-algorithm=sha512");
  await api.ask(`PATCH ${path}`, { body: BLOB.bytes });
  strictEqual((await api.ask(`PUT ${path}?digest=${wanted}`)).status, 201);
  const bad = await api.ask("POST app/blobs/uploads/?digest-algorithm=md5");
  deepStrictEqual([bad.status, bad.codes], [400, ["DIGEST_INVALID"]]);
});
