import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Descriptor } from "../../../src/registry/core.ts";
import {
  encodeReferrers,
  fallbackTag,
  NO_REFERRERS,
} from "../../../src/registry/referrers_index.ts";
import { artifact } from "../../support/images.ts";
import type { Fault } from "../../support/registry.ts";
import {
  putGraph,
  type Setting,
  setUp,
} from "../../support/registry_stores.ts";

const SUBJECT = artifact();
const TAG = fallbackTag(SUBJECT.root.digest);
const PATH = new RegExp(`manifests/${TAG}`);
const [OURS, THEIRS] = ["ours", "theirs"].map((name) =>
  artifact({ subject: SUBJECT.root, annotations: { name } })
);

/** A registry without the API, and where the manifests are. */
async function listing(faults: Fault[] = []) {
  const setting = setUp({ features: { referrers: false }, faults });
  const store = setting.open();
  await putGraph(store, SUBJECT);
  const listed = async () =>
    (await store.referrers(SUBJECT.root)).descriptors
      .map(({ annotations }) => annotations?.["name"]).sort();
  /** The requests for the list, and what was asked with them. */
  const asked = (header: string) =>
    setting.registry.requests.filter(({ path }) => PATH.test(path))
      .map(({ method, headers }) =>
        `${method} ${headers.get(header) ?? ""}`.trim()
      );
  return { setting, store, listed, asked };
}

/** Writes the list as another process would that has not read ours. */
async function overwrite(
  { registry }: Setting,
  nodes: readonly Descriptor[],
): Promise<void> {
  const answer = await fetch(
    `http://${registry.address}/v2/acme/app/manifests/${TAG}`,
    {
      method: "PUT",
      headers: { "content-type": String(NO_REFERRERS["mediaType"]) },
      body: encodeReferrers({ ...NO_REFERRERS, manifests: nodes }).slice(),
    },
  );
  strictEqual(answer.status, 201);
  await answer.body?.cancel();
}

Deno.test("changeListing() reads and writes once for many that change a list together", async () => {
  const stored = Promise.withResolvers<void>();
  const made = await listing([
    { method: "GET", path: PATH, times: 1, wait: () => stored.promise },
  ]);
  await using setting = made.setting;
  const all = Array.from(
    { length: 12 },
    (_, at) =>
      artifact({ subject: SUBJECT.root, annotations: { name: `n${at}` } }),
  );
  const puts = () =>
    setting.registry.requests.filter(({ method, path, status }) =>
      method === "PUT" && status === 201 && !PATH.test(path)
    ).length;
  const before = puts();
  let left = all.length;
  await Promise.all(all.map(async (graph) => {
    const [top] = graph.manifests;
    const done = made.store.putManifest(graph.root, top!.bytes);
    while (puts() - before < all.length) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (--left === 0) stored.resolve();
    await done;
  }));
  strictEqual((await made.listed()).length, all.length);
  const writes = made.asked("x").filter((line) => line === "PUT").length;
  strictEqual(writes < all.length / 2, true, `${writes} writes`);
});

Deno.test("changeListing() writes again what another writer has lost", async () => {
  let races = 2;
  let wait: () => Promise<unknown> = () => Promise.resolve();
  const made = await listing([{
    method: "HEAD",
    path: PATH,
    wait: () => races-- > 0 ? wait() : Promise.resolve(),
  }]);
  await using setting = made.setting;
  await putGraph(made.store, THEIRS!);
  wait = () => overwrite(setting, [THEIRS!.root]);
  races = 2;
  await putGraph(made.store, OURS!);
  const { descriptors } = await made.store.referrers(SUBJECT.root);
  deepStrictEqual(
    descriptors.map(({ digest }) => digest),
    [THEIRS!.root.digest, OURS!.root.digest],
  );
});

Deno.test("changeListing() overwrites nothing that it has not read where the registry knows conditions", async () => {
  const made = await listing([
    { method: "PUT", path: PATH, status: 412, times: 1 },
  ]);
  await using _setting = made.setting;
  await putGraph(made.store, OURS!);
  await putGraph(made.store, THEIRS!);
  deepStrictEqual(await made.listed(), ["ours", "theirs"]);
  deepStrictEqual(
    made.asked("if-none-match").filter((line) => line.startsWith("PUT")),
    ["PUT *", "PUT *", "PUT"],
  );
  const [, , last] = made.asked("if-match").filter((line) =>
    line.startsWith("PUT")
  );
  strictEqual(/^PUT "sha256:[0-9a-f]{64}"$/.test(last ?? ""), true, last);
});

Deno.test("changeListing() does without conditions where a registry refuses them", async () => {
  const made = await listing([
    { method: "PUT", path: PATH, status: 501, times: 1 },
  ]);
  await using _setting = made.setting;
  await putGraph(made.store, OURS!);
  deepStrictEqual(await made.listed(), ["ours"]);
});
