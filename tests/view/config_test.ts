import { strictEqual } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { configView, hostView } from "../../src/view/config.ts";

Deno.test("the configuration shows TLS as a number, and in JSON as a word", () => {
  const hosts = new Map([["localhost:5000", {
    name: "localhost:5000",
    tls: "disabled" as const,
    credExpireMs: 3_600_000,
  }]]);
  const view = configView({
    path: "/c.json",
    version: 1,
    hosts,
    incDockerCert: false,
  });
  strictEqual(
    renderTemplate(
      '{{.Filename}} {{.IncDockerCert}} {{.IncDockerCred}} {{with index .Hosts "localhost:5000"}}{{.TLS}} {{.CredExpire}}{{end}}',
      view,
    ),
    "/c.json false <nil> 3 1h0m0s",
  );
  strictEqual(
    renderTemplate("{{json .}}", view),
    '{"version":1,"hosts":{"localhost:5000":{"tls":"disabled","credExpire":3600000000000}},"incDockerCert":false}\n',
  );
});

Deno.test("a host has upstream's fields", () => {
  const view = hostView({
    name: "a",
    hostname: "b",
    mirrors: ["c"],
    reqPerSec: 1.5,
    apiOpts: { k: "v" },
  });
  strictEqual(
    renderTemplate(
      "{{.Name}} {{.Hostname}} {{.Mirrors}} {{.ReqPerSec}} {{.APIOpts}} {{.TLS}}",
      view,
    ),
    "a b [c] 1.5 map[k:v] 0",
  );
});
