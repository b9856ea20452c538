import { deepStrictEqual, throws } from "node:assert/strict";
import { queryOf } from "../../../src/cmd/regctl/artifact_flags.ts";

const flags = {
  external: undefined,
  "filter-annotation": ["a=b", "c"],
  "filter-artifact-type": "x/y",
  "slow-referrers": true,
};

Deno.test("queryOf() takes --latest for the newest first", () => {
  deepStrictEqual(
    queryOf({
      ...flags,
      latest: true,
      "sort-annotation": undefined,
      "sort-desc": false,
    }),
    {
      artifactType: "x/y",
      annotations: { a: "b", c: "" },
      sortAnnotation: "org.opencontainers.image.created",
      sortDescending: true,
      slow: true,
    },
  );
});

Deno.test("queryOf() refuses two orders", () => {
  throws(
    () =>
      queryOf({
        ...flags,
        latest: true,
        "sort-annotation": "k",
        "sort-desc": false,
      }),
    {
      code: "usage",
      message: "--latest cannot be used with --sort-annotation",
    },
  );
});
