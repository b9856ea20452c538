import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  createRegistry,
  type Limits,
  MemoryStorage,
} from "../../src/serve/mod.ts";
import { describeJson, image, type Made } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";

const IMAGE = await image();

function registry(limits: Partial<Limits> = {}): RegistryApi {
  return new RegistryApi(createRegistry(new MemoryStorage(), { limits }));
}

/** An artifact of a type, without blobs of its own. */
function artifact(artifactType: string, note: string): Made {
  const { descriptor } = IMAGE.blobs[0]!;
  return describeJson("application/vnd.oci.image.manifest.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    artifactType,
    config: descriptor,
    layers: [],
    subject: IMAGE.root,
    annotations: { note },
  });
}

async function follow(api: RegistryApi, path: string): Promise<string[]> {
  const all: string[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { text, headers } = await api.ask(`GET ${next}`);
    const body = JSON.parse(text);
    const names = body.tags ?? body.repositories ??
      body.manifests.map((item: { digest: string }) => item.digest);
    all.push(...names, "|");
    next = /^<(.+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
  }
  return all;
}

Deno.test("listTags() and listRepositories() come sorted and in pages", async () => {
  const api = registry({ pageSize: 2 });
  for (
    const [name, tag] of [["b", "z"], ["b", "A"], ["b", "c"], ["a/x", "t"]]
  ) {
    await api.pushGraph(name!, IMAGE, tag);
  }
  deepStrictEqual(await follow(api, "b/tags/list"), ["A", "c", "|", "z", "|"]);
  deepStrictEqual(await follow(api, "b/tags/list?n=1&last=A"), [
    "c",
    "|",
    "z",
    "|",
  ]);
  deepStrictEqual(await follow(api, "_catalog?n=1"), ["a/x", "|", "b", "|"]);
});

Deno.test("listTags() tells an empty repository from an unknown one", async () => {
  const api = registry();
  await api.pushGraph("app", IMAGE);
  const empty = await api.ask("GET app/tags/list");
  deepStrictEqual(JSON.parse(empty.text), { name: "app", tags: [] });
  const unknown = await api.ask("GET none/tags/list");
  deepStrictEqual([unknown.status, unknown.codes], [404, ["NAME_UNKNOWN"]]);
});

Deno.test("listReferrers() gives what the manifests say of themselves, and filters", async () => {
  const api = registry();
  await api.pushGraph("app", IMAGE);
  const [one, two] = [artifact("type/one", "1"), artifact("type/two", "2")];
  for (const made of [one, two]) await api.putManifest("app", made);
  const path = `app/referrers/${IMAGE.root.digest}`;
  const all = await api.ask(`GET ${path}`);
  strictEqual(
    all.headers.get("content-type"),
    "application/vnd.oci.image.index.v1+json",
  );
  strictEqual(all.headers.get("oci-filters-applied"), null);
  strictEqual(JSON.parse(all.text).manifests.length, 2);
  const filtered = await api.ask(`GET ${path}?artifactType=type/two`);
  strictEqual(filtered.headers.get("oci-filters-applied"), "artifactType");
  deepStrictEqual(JSON.parse(filtered.text), {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{
      ...two.descriptor,
      artifactType: "type/two",
      annotations: { note: "2" },
    }],
  });
});

Deno.test("listReferrers() comes in pages, the filter kept", async () => {
  const api = registry({ referrersPageSize: 2 });
  await api.pushGraph("app", IMAGE);
  const made = Array.from({ length: 5 }, (_, i) => artifact("t", String(i)));
  for (const each of made) await api.putManifest("app", each);
  await api.putManifest("app", artifact("other", "x"));
  const digests = made.map((each) => each.descriptor.digest).sort();
  const found = await follow(
    api,
    `app/referrers/${IMAGE.root.digest}?artifactType=t`,
  );
  deepStrictEqual(found.filter((text) => text !== "|"), digests);
  strictEqual(found.filter((text) => text === "|").length, 3);
});

Deno.test("listReferrers() sends no page that clients refuse as too large", async () => {
  const api = registry();
  await api.pushGraph("app", IMAGE);
  for (const note of ["a", "b", "c"]) {
    await api.putManifest("app", artifact("t", note.repeat(1_900_000)));
  }
  const path = `app/referrers/${IMAGE.root.digest}`;
  const page = await api.ask(`GET ${path}`);
  strictEqual(page.bytes.length < 4 * 1024 * 1024, true);
  strictEqual((await follow(api, path)).length, 5);
});

Deno.test("listReferrers() is empty for what nobody refers to", async () => {
  const api = registry();
  const answer = await api.ask(`GET none/referrers/sha256:${"0".repeat(64)}`);
  strictEqual(answer.status, 200);
  deepStrictEqual(JSON.parse(answer.text).manifests, []);
});
