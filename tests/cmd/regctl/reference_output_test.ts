import { strictEqual } from "node:assert/strict";
import { regctl } from "../../../src/cmd/regctl/mod.ts";
import { cli } from "../../support/cli.ts";

Deno.test("ref prints upstream's fields, as text and as JSON", async () => {
  const ref = async (...argv: string[]) =>
    (await cli(regctl, ["ref", "nginx", ...argv])).stdout;
  strictEqual(
    await ref("--format", "{{json .}}"),
    '{"Scheme":"reg","Reference":"nginx","Registry":"docker.io",' +
      '"Repository":"library/nginx","Tag":"latest","Digest":"","Path":""}\n',
  );
  strictEqual(JSON.parse(await ref("--output=json")).Tag, "latest");
  strictEqual(
    await ref("--format", "{{.Registry}} {{.Tag}}"),
    "docker.io latest",
  );
});
