import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Log } from "../../src/base/log.ts";
import { createRegistry, MemoryStorage } from "../../src/serve/mod.ts";
import { image } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";

const IMAGE = await image();

Deno.test("The API answers pings, with and without the last slash", async () => {
  const api = new RegistryApi(createRegistry(new MemoryStorage()));
  for (const path of ["/v2/", "/v2"]) {
    const answer = await api.ask(`GET ${path}`);
    deepStrictEqual([answer.status, answer.text], [200, "{}"]);
    const head = await api.ask(`HEAD ${path}`);
    strictEqual(head.status, 200);
    strictEqual(
      head.headers.get("docker-distribution-api-version"),
      "registry/2.0",
    );
  }
});

Deno.test("The API serves names that hold its own words", async () => {
  const api = new RegistryApi(createRegistry(new MemoryStorage()));
  const names = ["blobs", "tags/list", "a/manifests/b", "a/blobs/uploads/c"];
  for (const name of names) await api.pushGraph(name, IMAGE, "v1");
  for (const name of names) {
    const { text } = await api.ask(`GET ${name}/tags/list`);
    deepStrictEqual(JSON.parse(text), { name, tags: ["v1"] });
  }
});

Deno.test("The API says which methods an endpoint has", async () => {
  const api = new RegistryApi(createRegistry(new MemoryStorage()));
  for (
    const [what, allow] of [
      ["POST app/manifests/v1", "GET, HEAD, PUT, DELETE"],
      ["PUT app/blobs/uploads/", "POST"],
      ["DELETE app/tags/list", "GET, HEAD"],
      ["POST _catalog", "GET, HEAD"],
      ["PUT /v2/", "GET, HEAD"],
    ] as const
  ) {
    const answer = await api.ask(what);
    deepStrictEqual([answer.status, answer.codes], [405, ["UNSUPPORTED"]]);
    strictEqual(answer.headers.get("allow"), allow);
  }
});

Deno.test("The API takes no changes when it is read-only", async () => {
  const storage = new MemoryStorage();
  const writer = new RegistryApi(createRegistry(storage));
  await writer.pushGraph("app", IMAGE, "v1");
  const api = new RegistryApi(createRegistry(storage, { readOnly: true }));
  for (
    const what of [
      "PUT app/manifests/v2",
      "DELETE app/manifests/v1",
      "POST app/blobs/uploads/",
      `DELETE app/blobs/${IMAGE.blobs[0]!.descriptor.digest}`,
    ]
  ) {
    const answer = await api.ask(what);
    deepStrictEqual([answer.status, answer.codes], [405, ["UNSUPPORTED"]]);
  }
  strictEqual((await api.ask("GET app/manifests/v1")).status, 200);
});

Deno.test("The API fails with 500 and tells the log, not the client, why", async () => {
  const lines: string[] = [];
  const log = new Log(8, ({ attributes }) => {
    lines.push(String(attributes["err"]));
  });
  const storage = new MemoryStorage();
  storage.repositories = () => Promise.reject(new Error("disk on fire"));
  const api = new RegistryApi(createRegistry(storage, { log }));
  const answer = await api.ask("GET _catalog");
  deepStrictEqual([answer.status, answer.codes], [500, ["UNKNOWN"]]);
  strictEqual(answer.text.includes("fire"), false);
  deepStrictEqual(lines, ["disk on fire"]);
});

Deno.test("The API refuses names, tags and digests that lead elsewhere", async () => {
  const api = new RegistryApi(createRegistry(new MemoryStorage()));
  for (
    const path of [
      "%2e%2e/manifests/v1",
      "a%2f..%2fb/manifests/v1",
      "a/%2e%2e%2fb/tags/list",
      "A/tags/list",
      "a//b/tags/list",
      "a/manifests/..%2f..%2fx",
      "a/manifests/%00",
      "a/blobs/sha256:..%2f..%2fx",
      "a/blobs/%ff",
      "a/referrers/x",
    ]
  ) {
    const answer = await api.ask(`GET ${path}`);
    // Dots that make a path segment are gone before anybody sees them.
    strictEqual([400, 404].includes(answer.status), true, path);
    strictEqual(answer.codes[0] !== "MANIFEST_UNKNOWN", true, path);
  }
});

Deno.test("The API answers anything with an error of the specification, never with 500", async () => {
  const api = new RegistryApi(createRegistry(new MemoryStorage()));
  const word = fc.oneof(
    fc.constantFrom("manifests", "blobs", "uploads", "tags", "list", "a", ".."),
    fc.constantFrom(
      "",
      "%",
      "%2f",
      "%00",
      "sha256:00",
      "_catalog",
      "referrers",
    ),
    fc.string(),
  );
  const method = fc.constantFrom(
    "GET",
    "HEAD",
    "PUT",
    "POST",
    "PATCH",
    "DELETE",
  );
  const query = fc.dictionary(
    fc.constantFrom(
      "digest",
      "mount",
      "from",
      "n",
      "last",
      "tag",
      "artifactType",
    ),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(
      method,
      fc.array(word, { maxLength: 6 }),
      query,
      fc.option(fc.string()),
      async (method, words, query, range) => {
        const answer = await api.ask(
          `${method} /v2/${
            words.join("/").replace(/[\s?#]/g, "x")
          }?${new URLSearchParams(query)}`,
          {
            headers: range === null
              ? {}
              : { range: encodeURI(range), "content-range": encodeURI(range) },
          },
        );
        strictEqual(answer.status < 500, true, answer.text);
        if (answer.status >= 400 && method !== "HEAD") {
          strictEqual(answer.codes.length > 0, true);
        }
      },
    ),
    { numRuns: 500 },
  );
});
