import { deepStrictEqual } from "node:assert/strict";
import { referenceJson } from "../../../src/cmd/regctl/reference_output.ts";
import { parseReference } from "../../../src/registry/reference.ts";

Deno.test("referenceJson() has upstream's keys, in its order", () => {
  deepStrictEqual(
    JSON.stringify(referenceJson(parseReference("nginx"))),
    '{"Scheme":"reg","Reference":"nginx","Registry":"docker.io",' +
      '"Repository":"library/nginx","Tag":"latest","Digest":"","Path":""}',
  );
});
