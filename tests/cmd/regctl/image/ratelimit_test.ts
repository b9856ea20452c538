import { deepStrictEqual } from "node:assert/strict";
import { image } from "../../../support/images.ts";
import { bench } from "../../../support/regctl.ts";

Deno.test("image ratelimit reads the headers of a HEAD request", async () => {
  await using b = await bench();
  await b.ok(["image", "copy", await b.layout(await image()), `${b.host}/a:1`]);
  const limit = async () =>
    JSON.parse(await b.ok(["image", "rate-limit", `${b.host}/a:1`]));
  deepStrictEqual(await limit(), {
    Remain: 0,
    Limit: 0,
    Reset: 0,
    Set: false,
    Policies: null,
  });
  b.registry.faults.push({
    headers: {
      "ratelimit-limit": "100;w=21600",
      "ratelimit-remaining": "76;w=21600",
    },
  });
  b.registry.take();
  deepStrictEqual(await limit(), {
    Remain: 76,
    Limit: 100,
    Reset: 0,
    Set: true,
    Policies: ["100;w=21600"],
  });
  deepStrictEqual(b.registry.take(), ["HEAD /v2/a/manifests/1"]);
});
