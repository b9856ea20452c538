/** The Format Flag examples of the early documentation, beside upstream, on a real registry. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { image, multiPlatform, pushGraph } from "../support/images.ts";
import { peer, peerTest } from "../support/peers.ts";
import { run } from "../support/process.ts";
import { program } from "../support/program.ts";
import { startRegistry } from "../support/registries.ts";
import { tempDir } from "../support/temp.ts";

const LAYERS = "{{range .Layers}}{{println .Digest}}{{end}}";

/** Command and template; the reference goes between them. */
const EXAMPLES: readonly (readonly [command: string, template: string])[] = [
  ["manifest", LAYERS],
  ["inspect", "{{jsonPretty .}}"],
  [
    "inspect",
    "{{range $k, $v := .Config.Labels}}{{$k}} = {{$v}}{{println}}{{end}}",
  ],
  [
    "inspect",
    '{{range $k, $v := .Config.Labels}}{{if eq $k "org.label-schema.build-date"}}{{$v}}{{end}}{{end}}',
  ],
  [
    "inspect",
    '{{ env "WHO" | default "undefined" }}{{ env "NONE" | default "undefined" }}',
  ],
  ["inspect", "{{ $t := time.Now }}{{printf `%T` $t.Year}}"],
  ["inspect", '{{ (time.Parse "2006-01-02" "2020-06-07").Weekday }}'],
  ["inspect", "{{json .Config}}"],
  ["inspect", "{{.Config.Cmd}} {{.Architecture}}"],
  ["inspect", '{{join .Config.Env " "}}'],
  ["inspect", '{{index .Config.Labels "org.label-schema.build-date"}}'],
  ["inspect", "{{upper .OS}} {{lower `ABC`}} {{split `a,b` `,`}}"],
  ["inspect", "before {{.Bogus}} after"],
];

peerTest("the early documentation's templates print what upstream prints", [
  "regctl",
  "distribution",
], async () => {
  await using registry = await startRegistry("distribution");
  await using dir = await tempDir();
  const labels = { "org.label-schema.build-date": "2020-06-07", b: "<c>" };
  await pushGraph(
    `http://${registry.host}`,
    "team/app",
    await image({ labels }),
    ["v1"],
  );
  await pushGraph(
    `http://${registry.host}`,
    "team/many",
    await multiPlatform(2),
    ["v1"],
  );
  const config = `${dir.path}/config.json`;
  await Deno.writeTextFile(
    config,
    JSON.stringify({ hosts: { [registry.host]: { tls: "disabled" } } }),
  );
  const env = { REGCTL_CONFIG: config, HOME: dir.path, WHO: "somebody" };
  const both = async (args: readonly string[]) => {
    const [command = "", ...rest] = program("regctl");
    const ours = await run(command, [...rest, ...args], { env });
    const theirs = await run(peer("regctl"), [...args], { env });
    return { ours, theirs };
  };
  for (const [command, template] of EXAMPLES) {
    const { ours, theirs } = await both([
      "image",
      command,
      `${registry.host}/team/app:v1`,
      "--format",
      template,
    ]);
    deepStrictEqual({ template, out: ours.stdout, code: ours.code }, {
      template,
      out: theirs.stdout,
      code: theirs.code,
    });
    if (theirs.code !== 0) {
      ok(ours.stderr.includes(theirs.stderr.trim()), ours.stderr);
    }
  }
  // Upstream fails here: an index has no layers. Ours takes the image, and says so.
  const { ours, theirs } = await both([
    "image",
    "manifest",
    `${registry.host}/team/many:v1`,
    "--format",
    LAYERS,
  ]);
  strictEqual(theirs.code, 1);
  deepStrictEqual([
    ours.code,
    ours.stdout.match(/^sha256:[0-9a-f]{64}$/gm)?.length,
  ], [0, 2]);
  strictEqual(ours.stderr.trim().split("\n").length, 1);
});
