import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fallbackTag } from "../../../src/registry/referrers_index.ts";
import { artifact } from "../../support/images.ts";
import { putGraph, setUp } from "../../support/registry_stores.ts";

const SUBJECT = artifact();

const about = (kind: string) =>
  artifact({ subject: SUBJECT.root, artifactType: `application/vnd.${kind}` });

Deno.test("listReferrers() asks the API, filtered too", async () => {
  await using setting = setUp();
  const store = setting.open();
  await putGraph(store, SUBJECT);
  for (const kind of ["sbom", "sig"]) await putGraph(store, about(kind));
  setting.registry.take();
  const all = await store.referrers(SUBJECT.root);
  deepStrictEqual(
    all.descriptors.map(({ artifactType }) => artifactType).sort(),
    ["application/vnd.sbom", "application/vnd.sig"],
  );
  strictEqual(all.fallbackTag, undefined);
  const some = await store.referrers(SUBJECT.root, {
    artifactType: "application/vnd.sig",
  });
  strictEqual(some.descriptors.length, 1);
  strictEqual(setting.registry.take().length, 2);
});

Deno.test("listReferrers() keeps the list under a tag where there is no API", async () => {
  await using setting = setUp({ features: { referrers: false } });
  const store = setting.open();
  await putGraph(store, SUBJECT);
  strictEqual((await store.referrers(SUBJECT.root)).descriptors.length, 0);
  const sbom = about("sbom");
  const sig = about("sig");
  await Promise.all([putGraph(store, sbom), putGraph(store, sig)]);
  await putGraph(store, sig);
  const listed = await store.referrers(SUBJECT.root);
  deepStrictEqual(
    listed.descriptors.map(({ digest }) => digest).sort(),
    [sbom, sig].map(({ root }) => root.digest).sort(),
  );
  strictEqual(listed.fallbackTag, fallbackTag(SUBJECT.root.digest));
});

Deno.test("listReferrers() asks a repository without the API only once", async () => {
  await using setting = setUp({ features: { referrers: false } });
  const store = setting.open();
  for (let i = 0; i < 2; i++) await store.referrers(SUBJECT.root);
  strictEqual(
    setting.registry.take().filter((line) => line.includes("/referrers/"))
      .length,
    1,
  );
});

Deno.test("listReferrers() takes no outage for an empty list", async () => {
  for (
    const [status, code] of [[500, "http"], [403, "denied"], [
      429,
      "rate_limited",
    ]] as const
  ) {
    await using setting = setUp({
      faults: [{ path: /referrers/, status, headers: { "retry-after": "0" } }],
    }, { retries: 1 });
    await rejects(
      setting.open().referrers(SUBJECT.root),
      { code },
      String(status),
    );
  }
});

Deno.test("listReferrers() joins pages and names each once", async () => {
  const entry = (digit: string) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${digit.repeat(64)}`,
    size: 1,
  });
  const page = (...digits: string[]) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: digits.map(entry),
    });
  await using setting = setUp({
    faults: [
      { path: /referrers.*page=2/, status: 200, body: page("2", "1") },
      {
        path: /referrers/,
        status: 200,
        body: page("1", "3"),
        headers: { link: "<?page=2>; rel=next" },
      },
    ],
  });
  const { descriptors } = await setting.open().referrers(SUBJECT.root);
  deepStrictEqual(descriptors.map(({ digest }) => digest[7]), ["1", "3", "2"]);
});

Deno.test("unlist() takes a manifest out of the tag's list, and the tag away at the end", async () => {
  await using setting = setUp({ features: { referrers: false } });
  const store = setting.open();
  const all = [about("sbom"), about("sig")];
  for (const graph of [SUBJECT, ...all]) await putGraph(store, graph);
  for (const [at, { root }] of all.entries()) {
    await store.unlist(root);
    const { descriptors } = await store.referrers(SUBJECT.root);
    strictEqual(descriptors.length, 1 - at);
  }
  await rejects(store.resolve(fallbackTag(SUBJECT.root.digest)), {
    code: "not_found",
  });
});
