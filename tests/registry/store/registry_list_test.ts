import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { Page } from "../../../src/registry/core.ts";
import { artifact } from "../../support/images.ts";
import { putGraph, setUp } from "../../support/registry_stores.ts";

async function names(
  pages: AsyncIterable<Page>,
): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for await (const page of pages) all.push(page.names);
  return all;
}

async function withTags(
  repositories: readonly string[],
  tags: readonly string[],
) {
  const setting = setUp();
  for (const repository of repositories) {
    const store = setting.open(repository);
    for (const tag of tags) await putGraph(store, artifact(), tag);
  }
  setting.registry.take();
  return setting;
}

Deno.test("listTags() follows Link to the end, or to the limit", async () => {
  await using setting = await withTags(["a"], ["v1", "v2", "v3", "v4", "v5"]);
  const store = setting.open("a");
  deepStrictEqual(await names(store.tags()), [["v1", "v2", "v3", "v4", "v5"]]);
  deepStrictEqual(await names(store.tags({ limit: 2, last: "v2" })), [[
    "v3",
    "v4",
  ]]);
  deepStrictEqual(
    setting.registry.take().at(-1),
    "GET /v2/a/tags/list?last=v2&n=2",
  );
  setting.registry.faults.push({
    path: /list$/,
    times: 1,
    status: 200,
    body: '{"tags":["x"]}',
    headers: { link: '</v2/a/tags/list?n=9>; rel="next"' },
  });
  deepStrictEqual((await names(store.tags())).flat(), [
    "x",
    "v1",
    "v2",
    "v3",
    "v4",
    "v5",
  ]);
});

Deno.test("listRepositories() asks the registry itself", async () => {
  await using setting = await withTags(["b", "a"], ["v1"]);
  deepStrictEqual(
    await names(setting.client.repositories(setting.registry.address)),
    [["a", "b"]],
  );
  deepStrictEqual(setting.registry.take(), ["GET /v2/_catalog"]);
});

Deno.test("listTags() takes null for none and refuses garbage", async () => {
  const rows = [
    ['{"tags":null}', [[]]],
    ["{}", [[]]],
    ['{"tags":["a",1]}', /: no text at "tags\[1\]" in the answer from /],
    ['{"tags":[null]}', /: no text at "tags\[0\]" /],
    ['{"tags":{}}', /: no list /],
    ["<html>", /: no JSON /],
    ["[]", /: no list /],
    ["5", /: no list /],
  ] as const;
  for (const [body, expected] of rows) {
    await using setting = setUp({ faults: [{ status: 200, body }] });
    const listed = names(setting.open().tags());
    if (expected instanceof RegExp) {
      await rejects(listed, { code: "invalid", message: expected });
    } else deepStrictEqual(await listed, expected, body);
  }
});

Deno.test("listTags() ends where a registry leads in a circle", async () => {
  await using setting = setUp({
    faults: [{
      status: 200,
      body: '{"tags":["a"]}',
      headers: { link: "</v2/acme/app/tags/list>; rel=next" },
    }],
  });
  strictEqual((await names(setting.open().tags())).length, 1);
});
