import { strictEqual, throws } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { imageView } from "../../src/view/image.ts";
import { describeJson } from "../support/images.ts";

const made = describeJson("application/vnd.oci.image.config.v1+json", {
  architecture: "arm64",
  os: "linux",
  created: "2026-01-02T03:04:05Z",
  config: {
    Cmd: ["sh"],
    Env: ["A=1", "B=2"],
    Labels: { k: "v" },
    StopTimeout: 0,
    Healthcheck: { Test: ["NONE"], Interval: 1_500_000_000 },
  },
  rootfs: { type: "layers", diff_ids: [] },
  "x-unknown": 1,
});
const run = (text: string) =>
  renderTemplate(
    text,
    imageView({ descriptor: made.descriptor, bytes: made.bytes }),
  );

Deno.test("an image config has the fields that docker image inspect has", () => {
  strictEqual(
    run(
      '{{.Config.Cmd}} {{.Architecture}} {{join .Config.Env " "}} {{index .Config.Labels "k"}} {{.Config.StopTimeout}} {{.Config.Healthcheck.Interval}}',
    ),
    "[sh] arm64 A=1 B=2 v 0 1.5s",
  );
  strictEqual(
    run("{{json .Config}}"),
    '{"Env":["A=1","B=2"],"Cmd":["sh"],"Labels":{"k":"v"},"StopTimeout":0,"Healthcheck":{"Test":["NONE"],"Interval":1500000000}}\n',
  );
});

Deno.test("an image config prints as its platform, and its JSON is its body", () => {
  strictEqual(run("{{.}} {{.Created.Year}}"), "linux/arm64 2026");
  strictEqual(run("{{json .}}"), `${new TextDecoder().decode(made.bytes)}\n`);
  strictEqual(
    run("{{.Digest}} {{.GetConfig.OS}}"),
    `${made.descriptor.digest} linux`,
  );
});

Deno.test("names of keys are no names of fields", () => {
  throws(
    () => run("{{.created}}"),
    /can't evaluate field created in type struct \{ \*blob\.BOCIConfig; v1\.Image \}/,
  );
});
