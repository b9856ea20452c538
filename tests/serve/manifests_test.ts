import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { digestOf } from "../../src/registry/digest.ts";
import {
  createRegistry,
  MemoryStorage,
  type RegistryOptions,
} from "../../src/serve/mod.ts";
import { image, index } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";

const IMAGE = await image();
const MANIFEST = IMAGE.manifests[0]!;
const { digest, mediaType, size } = MANIFEST.descriptor;

function registry(options: RegistryOptions = {}): RegistryApi {
  return new RegistryApi(createRegistry(new MemoryStorage(), options));
}

Deno.test("getManifest() gives the bytes by tag and by digest, and HEAD all but the bytes", async () => {
  const api = registry();
  await api.pushGraph("app", IMAGE, "v1");
  for (const reference of ["v1", digest]) {
    const got = await api.ask(`GET app/manifests/${reference}`);
    deepStrictEqual(got.bytes, MANIFEST.bytes);
    const head = await api.ask(`HEAD app/manifests/${reference}`);
    strictEqual(head.bytes.length, 0);
    for (const { status, headers } of [got, head]) {
      strictEqual(status, 200);
      strictEqual(headers.get("content-type"), mediaType);
      strictEqual(headers.get("content-length"), String(size));
      strictEqual(headers.get("docker-content-digest"), digest);
      strictEqual(headers.get("etag"), `"${digest}"`);
    }
  }
});

Deno.test("getManifest() sends nothing to a client that has it", async () => {
  const api = registry();
  await api.pushGraph("app", IMAGE, "v1");
  const ask = (etag: string) =>
    api.ask("GET app/manifests/v1", { headers: { "if-none-match": etag } });
  strictEqual((await ask(`"${digest}"`)).status, 304);
  strictEqual((await ask('"sha256:other"')).status, 200);
});

Deno.test("getManifest() tells unknown manifests from unknown repositories", async () => {
  const api = registry();
  await api.pushGraph("app", IMAGE, "v1");
  const codes = async (path: string) => (await api.ask(`GET ${path}`)).codes;
  deepStrictEqual(await codes("app/manifests/v2"), ["MANIFEST_UNKNOWN"]);
  deepStrictEqual(await codes("none/manifests/v1"), ["NAME_UNKNOWN"]);
  // A blob is no manifest, whatever its bytes.
  const { descriptor } = IMAGE.blobs[0]!;
  deepStrictEqual(await codes(`app/manifests/${descriptor.digest}`), [
    "MANIFEST_UNKNOWN",
  ]);
});

Deno.test("putManifest() answers where the manifest is", async () => {
  const api = registry();
  for (const blob of IMAGE.blobs) await api.pushBlob("app", blob);
  const answer = await api.putManifest("app", MANIFEST, "v1");
  strictEqual(answer.status, 201);
  strictEqual(answer.headers.get("location"), `/v2/app/manifests/${digest}`);
  strictEqual(answer.headers.get("docker-content-digest"), digest);
  strictEqual(answer.headers.get("oci-tag"), null);
});

Deno.test("putManifest() sets the tags that go with a digest", async () => {
  const api = registry();
  for (const blob of IMAGE.blobs) await api.pushBlob("app", blob);
  const sha512 = digestOf(MANIFEST.bytes, "sha512");
  const answer = await api.putManifest(
    "app",
    MANIFEST,
    `${sha512}?tag=a&tag=b&tag=a`,
  );
  strictEqual(answer.status, 201);
  strictEqual(answer.headers.get("oci-tag"), "a, b");
  const tagged = await api.ask("HEAD app/manifests/b");
  strictEqual(tagged.headers.get("docker-content-digest"), sha512);
});

Deno.test("putManifest() refuses tags that are none, too many, or beside a tag", async () => {
  const api = registry();
  for (const blob of IMAGE.blobs) await api.pushBlob("app", blob);
  const put = async (reference: string) => {
    const { status, codes } = await api.putManifest("app", MANIFEST, reference);
    return [status, ...codes];
  };
  const many = Array.from({ length: 101 }, (_, i) => `tag=t${i}`).join("&");
  deepStrictEqual(await put(`${digest}?tag=..`), [400, "TAG_INVALID"]);
  deepStrictEqual(await put(`${digest}?${many}`), [414, "TAG_INVALID"]);
  deepStrictEqual(await put("v1?tag=v2"), [400, "TAG_INVALID"]);
  strictEqual((await api.ask("GET app/tags/list")).text.includes("t1"), false);
});

Deno.test("putManifest() refuses bytes of another digest, and too many bytes", async () => {
  const api = registry({ limits: { maxManifest: size } });
  for (const blob of IMAGE.blobs) await api.pushBlob("app", blob);
  const other = `sha256:${"0".repeat(64)}`;
  const wrong = await api.putManifest("app", MANIFEST, other);
  deepStrictEqual([wrong.status, wrong.codes], [400, ["DIGEST_INVALID"]]);
  const large = await api.ask("PUT app/manifests/v1", {
    headers: { "content-type": mediaType },
    body: new Uint8Array(size + 1),
  });
  deepStrictEqual([large.status, large.codes], [413, ["SIZE_INVALID"]]);
  strictEqual((await api.putManifest("app", MANIFEST)).status, 201);
});

Deno.test("putManifest() names the subject, be it there or not", async () => {
  const api = registry();
  const referrer = await image({ seed: 2, subject: IMAGE.root });
  for (const blob of referrer.blobs) await api.pushBlob("app", blob);
  const answer = await api.putManifest("app", referrer.manifests[0]!);
  strictEqual(answer.status, 201);
  strictEqual(answer.headers.get("oci-subject"), digest);
});

Deno.test("deleteManifest() takes a tag and leaves the manifest", async () => {
  const api = registry();
  await api.pushGraph("app", IMAGE, "v1");
  strictEqual((await api.ask("DELETE app/manifests/v1")).status, 202);
  strictEqual((await api.ask("DELETE app/manifests/v1")).status, 404);
  strictEqual((await api.ask(`HEAD app/manifests/${digest}`)).status, 200);
});

Deno.test("deleteManifest() takes a manifest with its tags", async () => {
  const api = registry();
  await api.pushGraph("app", index([IMAGE]), "list");
  await api.putManifest("app", MANIFEST, "v1");
  strictEqual((await api.ask(`DELETE app/manifests/${digest}`)).status, 202);
  strictEqual((await api.ask(`DELETE app/manifests/${digest}`)).status, 404);
  strictEqual((await api.ask("HEAD app/manifests/v1")).status, 404);
  strictEqual((await api.ask("HEAD app/manifests/list")).status, 200);
});
