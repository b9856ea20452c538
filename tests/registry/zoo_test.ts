/** Registries as they are: the daily work against each of the zoo's animals. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type Abilities, can, type Store } from "../../src/registry/core.ts";
import { copyGraph } from "../../src/registry/copy.ts";
import { Client } from "../../src/registry/open.ts";
import { deleteTag } from "../../src/registry/tag_delete.ts";
import { parseReference } from "../../src/registry/reference.ts";

import { assertWhole, pair } from "../support/copies.ts";
import { artifact, image, multiPlatform } from "../support/images.ts";
import {
  type Animal,
  ANIMALS,
  LOGIN,
  startZoo,
  type ZooRegistry,
} from "../support/zoo/mod.ts";

const multi = await multiPlatform(2, { layerSize: 200_000 });

function clientOf(
  animal: Animal,
  zoo: ZooRegistry,
  login: { readonly user?: string; readonly pass?: string } = LOGIN,
): Client {
  return new Client({
    hosts: [{
      name: animal.registry,
      hostname: zoo.host,
      tls: "disabled",
      ...login,
    }],
    retries: 1,
  });
}

async function store(
  client: Client,
  animal: Animal,
  repository = "team/app",
): Promise<
  Store & Pick<Abilities, "tags" | "referrers" | "untag" | "deleteManifest">
> {
  const name = `${animal.registry}/${repository}:v1`;
  const opened = await client.open(parseReference(name));
  ok(can(opened, "tags") && can(opened, "referrers"));
  ok(can(opened, "untag") && can(opened, "deleteManifest"));
  return opened;
}

for (const animal of ANIMALS) {
  Deno.test(`${animal.name}: log in, copy in, list, copy out`, async () => {
    await using zoo = startZoo(animal);
    await using client = clientOf(animal, zoo);
    await client.ping(animal.registry);
    const there = await store(client, animal);
    const { from, to } = pair();
    from.fill(multi, "v1");
    await copyGraph("v1", { from, to: there, tag: "v1" });
    await copyGraph("v1", { from: there, to, tag: "v1" });
    assertWhole(to, "v1");
    const tags: string[] = [];
    for await (const page of there.tags()) tags.push(...page.names);
    deepStrictEqual(tags, ["v1"]);
    deepStrictEqual(zoo.leaked, []);
  });

  Deno.test(`${animal.name}: a list of more tags than a page`, async () => {
    await using zoo = startZoo(animal);
    await using client = clientOf(animal, zoo);
    const there = await store(client, animal);
    const one = await image();
    const { from } = pair();
    from.fill(one, "v1");
    await copyGraph("v1", { from, to: there, tag: "t000" });
    const [manifest] = one.manifests;
    const expected = ["t000"];
    for (let i = 1; i < 120; i++) {
      const tag = `t${String(i).padStart(3, "0")}`;
      expected.push(tag);
      await there.putManifest(manifest!.descriptor, manifest!.bytes, { tag });
    }
    const tags: string[] = [];
    for await (const page of there.tags()) tags.push(...page.names);
    deepStrictEqual(tags, expected);
  });

  Deno.test(`${animal.name}: a tag goes and its sibling stays, or nothing changes`, async () => {
    await using zoo = startZoo(animal);
    await using client = clientOf(animal, zoo);
    const there = await store(client, animal);
    const { from } = pair();
    from.fill(multi, "v1");
    for (const tag of ["v1", "keep"]) {
      await copyGraph("v1", { from, to: there, tag });
    }
    const deleted = await deleteTag(there, "v1").then(() => true, () => false);
    strictEqual(deleted, animal.deleteManifest !== 405);
    strictEqual((await there.resolve("keep")).digest, multi.root.digest);
    if (deleted) await rejects(there.resolve("v1"), { code: "not_found" });
  });

  Deno.test(`${animal.name}: referrers, by its API or the fallback tag`, async () => {
    await using zoo = startZoo(animal);
    await using client = clientOf(animal, zoo);
    const there = await store(client, animal);
    const { from } = pair();
    const sbom = artifact({ subject: multi.root });
    from.fill(multi, "v1");
    from.fill(sbom);
    await copyGraph("v1", { from, to: there, tag: "v1", referrers: {} });
    const { descriptors, fallbackTag } = await there.referrers(multi.root);
    deepStrictEqual(descriptors.map((d) => d.digest), [sbom.root.digest]);
    strictEqual(fallbackTag !== undefined, animal.noReferrers === true);
  });

  Deno.test(`${animal.name}: a blob in chunks arrives whole`, async () => {
    await using zoo = startZoo(animal);
    await using client = new Client({
      hosts: [{
        name: animal.registry,
        hostname: zoo.host,
        tls: "disabled",
        ...LOGIN,
        blobMax: 50_000,
        blobChunk: 64_000,
      }],
    });
    const there = await store(client, animal);
    const { from, to } = pair();
    from.fill(multi, "v1");
    await copyGraph("v1", { from, to: there, tag: "v1" });
    await copyGraph("v1", { from: there, to, tag: "v1" });
    assertWhole(to, "v1");
  });

  Deno.test(`${animal.name}: a wrong login is refused, and not shown`, async () => {
    await using zoo = startZoo(animal);
    const login = { user: "robot", pass: "wrong-and-secret" };
    await using client = clientOf(animal, zoo, login);
    const there = await store(client, animal);
    await rejects(there.resolve("v1"), (error) => {
      const { code, message } = error as Error & { code: string };
      strictEqual(code, "unauthorized");
      return !message.includes("wrong-and-secret");
    });
  });

  const { missing } = animal;
  if (missing) {
    Deno.test(`${animal.name}: a push to what does not exist says what the server says`, async () => {
      await using zoo = startZoo(animal);
      await using client = clientOf(animal, zoo);
      const there = await store(client, animal, "other/app");
      const { from } = pair();
      from.fill(multi, "v1");
      const [reason] = JSON.parse(missing.body).errors;
      await rejects(
        copyGraph("v1", { from, to: there, tag: "v1" }),
        (error) => String(error).includes(JSON.stringify(reason.message)),
      );
    });
  }
}
