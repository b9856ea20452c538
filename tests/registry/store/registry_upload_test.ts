import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { noise } from "../../support/images.ts";
import { blobOf, type Setting, setUp } from "../../support/registry_stores.ts";

const SIZE = 400_000;
const BLOB = blobOf(noise(SIZE, 2));

const steps = ({ registry }: Setting) =>
  registry.requests.map(({ method, path, status }) =>
    `${method} ${
      /uploads\/[^?]/.test(path)
        ? "session"
        : path.replace(/^.*\/blobs\//, "").replace(/sha256:\w+/, "DIGEST")
    } ${status}`
  );

Deno.test("upload() asks how much is there after a break and sends the rest", async () => {
  await using setting = setUp({
    faults: [{ method: "PUT", cutRequestAfter: 150_000, times: 2 }],
  });
  let told = 0;
  await setting.open().push(BLOB.node, BLOB.body, {
    onBytes: (bytes) => told += bytes,
  });
  strictEqual(await setting.open().exists(BLOB.node), true);
  strictEqual(told, SIZE);
  const puts = setting.registry.requests.filter(({ method }) =>
    method === "PUT"
  );
  strictEqual(puts.length, 3);
  strictEqual(
    puts.slice(1).every(({ headers }) =>
      /^[1-9]\d*-399999$/.test(headers.get("content-range") ?? "")
    ),
    true,
  );
});

Deno.test("upload() goes on after a 502 that hides a break", async () => {
  await using setting = setUp({
    faults: [{ method: "PUT", status: 502, times: 1 }],
  });
  await setting.open().push(BLOB.node, BLOB.body);
  deepStrictEqual(steps(setting), [
    "POST uploads/ 202",
    "PUT session 502",
    "GET session 204",
    "PUT session 201",
  ]);
});

Deno.test("upload() begins anew when the session is gone", async () => {
  await using setting = setUp({
    faults: [
      { method: "PUT", status: 500, times: 1 },
      { method: "GET", path: /uploads/, status: 404, times: 1 },
    ],
  });
  await setting.open().push(BLOB.node, BLOB.body);
  deepStrictEqual(steps(setting), [
    "POST uploads/ 202",
    "PUT session 500",
    "GET session 404",
    "HEAD DIGEST 404",
    "POST uploads/ 202",
    "PUT session 201",
  ]);
});

Deno.test("upload() is done when the blob turns out to be there", async () => {
  await using setting = setUp();
  const { body, node } = BLOB;
  await setting.open().push(node, body);
  setting.registry.take();
  setting.registry.faults.push(
    { method: "PUT", status: 504, times: 1 },
    { method: "GET", path: /uploads/, status: 404, times: 1 },
  );
  await setting.open().push(node, body);
  deepStrictEqual(steps(setting).at(-1), "HEAD DIGEST 200");
});

Deno.test("upload() sends chunks where the registry refuses one request", async () => {
  for (const status of [413, 411, 405]) {
    await using setting = setUp(
      { faults: [{ method: "PUT", path: /uploads/, status, times: 1 }] },
      { hosts: [{ name: "", blobChunk: 150_000 }] },
    );
    await setting.open().push(BLOB.node, BLOB.body);
    const sent = setting.registry.requests.filter(({ method }) =>
      method === "PATCH"
    )
      .map(({ headers }) => headers.get("content-range"));
    deepStrictEqual(sent, ["0-149999", "150000-299999", "300000-399999"]);
    strictEqual(await setting.open().exists(BLOB.node), true);
  }
});

Deno.test("upload() sends chunks above blobMax, of the size that the registry asks for", async () => {
  await using setting = setUp(
    {
      faults: [{
        method: "POST",
        headers: { "oci-chunk-min-length": "250000" },
      }],
    },
    { hosts: [{ name: "", blobMax: 1000, blobChunk: 1000 }] },
  );
  await setting.open().push(BLOB.node, BLOB.body);
  const sent =
    setting.registry.requests.filter(({ method }) => method === "PATCH").length;
  strictEqual(sent, 2);
});

Deno.test("upload() takes chunks up again where one broke", async () => {
  await using setting = setUp(
    {
      faults: [{
        method: "PATCH",
        cutRequestAfter: 50_000,
        after: 1,
        times: 1,
      }],
    },
    { hosts: [{ name: "", blobMax: 1000, blobChunk: 150_000 }] },
  );
  await setting.open().push(BLOB.node, BLOB.body);
  strictEqual(await setting.open().exists(BLOB.node), true);
});

Deno.test("upload() gives up at once what nobody can mend, and ends the session", async () => {
  await using setting = setUp({ faults: [{ method: "PUT", status: 403 }] });
  await rejects(setting.open().push(BLOB.node, BLOB.body), { code: "denied" });
  deepStrictEqual(steps(setting).map((step) => step.split(" ")[0]), [
    "POST",
    "PUT",
    "DELETE",
  ]);
});

Deno.test("upload() gives up after as many failures in a row as it may", async () => {
  await using setting = setUp({ faults: [{ method: "PUT", status: 500 }] }, {
    retries: 2,
  });
  await rejects(setting.open().push(BLOB.node, BLOB.body), { code: "http" });
  strictEqual(
    steps(setting).filter((step) => step.startsWith("PUT")).length,
    3,
  );
});

Deno.test("upload() stores nothing for bytes of another digest or size", async () => {
  await using setting = setUp();
  const store = setting.open();
  const other = blobOf(noise(SIZE, 3));
  await rejects(store.push(BLOB.node, other.body));
  await rejects(store.push(BLOB.node, blobOf(noise(SIZE - 1, 2)).body), {
    code: "mismatch",
  });
  await rejects(store.push(BLOB.node, blobOf(noise(SIZE + 1, 2)).body), {
    code: "mismatch",
  });
  strictEqual(await store.exists(BLOB.node), false);
});

Deno.test("upload() passes the source's own error on", async () => {
  await using setting = setUp();
  await rejects(
    setting.open().push(
      BLOB.node,
      () => Promise.reject(new Error("no such file")),
    ),
    /no such file/,
  );
});

Deno.test("upload() names the algorithm where it is not sha256", async () => {
  await using setting = setUp();
  const bytes = noise(1000, 4);
  const { digestOf } = await import("../../../src/registry/digest.ts");
  const node = { ...blobOf(bytes).node, digest: digestOf(bytes, "sha512") };
  await setting.open().push(node, blobOf(bytes).body);
  strictEqual(
    setting.registry.requests[0]?.path.endsWith(
      "uploads/?digest-algorithm=sha512",
    ),
    true,
  );
  strictEqual(await setting.open().exists(node), true);
});

Deno.test("upload() wants a Location", async () => {
  await using setting = setUp({ faults: [{ method: "POST", status: 202 }] });
  await rejects(
    setting.open().push(BLOB.node, BLOB.body),
    /location header missing/,
  );
});
