/**
 * A template of 30 actions over a manifest of 100 layers, parsed and run,
 * beside Go's own text/template; and what loading the engine costs.
 */
import * as esbuild from "esbuild";
import { executeTemplate } from "../src/template/mod.ts";
import { manifestView } from "../src/view/mod.ts";
import { describe, describeJson } from "../tests/support/images.ts";
import { mustRun, run } from "../tests/support/process.ts";
import { tempDir } from "../tests/support/temp.ts";

const TURNS = 300;
const STARTS = 7;

const BODY = [
  "{{.MediaType}} {{.SchemaVersion}} {{len .Layers}}",
  "{{with .Config}}{{.Digest}} {{.Size}}{{end}}",
  "{{range $i, $l := .Layers}}{{if $i}}, {{end}}{{$i}}",
  "{{if gt $l.Size 2000}}large{{else if eq $l.Size 1000}}small{{else}}-{{end}}",
  '{{printf "%-12s %8d" $l.MediaType $l.Size}}{{println}}',
  '{{index $l.Annotations "title"}}{{with $l.Platform}}{{.OS}}{{end}}',
  "{{slice $l.Digest 7 19}}{{end}}",
  "{{range $k, $v := .Annotations}}{{$k}}={{$v | html}}{{end}}",
  '{{$n := len .Layers}}{{if and (ge $n 1) (lt $n 1000)}}{{print $n "!"}}{{end}}',
].join("\n");

const layer = (at: number) => ({
  mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
  digest: describe("x", new Uint8Array([at])).descriptor.digest,
  size: 1000 * at,
  annotations: { title: `layer <${at}>` },
});

const type = "application/vnd.oci.image.manifest.v1+json";
const manifest = describeJson(type, {
  schemaVersion: 2,
  mediaType: type,
  config: layer(0),
  layers: Array.from({ length: 100 }, (_, at) => layer(at)),
  annotations: { a: "<1>", b: "&2" },
});

function turn(): number {
  let size = 0;
  const write = (bytes: Uint8Array) => {
    size += bytes.length;
  };
  executeTemplate(BODY, view, { write });
  return size;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const view = manifestView(manifest);
for (let i = 0; i < TURNS; i++) turn();
const started = performance.now();
let size = 0;
for (let i = 0; i < TURNS; i++) size = turn();
const ours = (performance.now() - started) * 1000 / TURNS;

await using dir = await tempDir();
await Deno.writeTextFile(`${dir.path}/template`, BODY);
await Deno.writeFile(`${dir.path}/manifest`, manifest.bytes);
const build = await run("go", ["build", "-o", `${dir.path}/peer`, "."], {
  cwd: new URL("template_peer", import.meta.url).pathname,
}).catch(() => undefined);
if (build?.code === 0) {
  const stdout = await mustRun(`${dir.path}/peer`, [
    `${dir.path}/template`,
    `${dir.path}/manifest`,
    String(TURNS),
  ]);
  const [peer = NaN, peerSize] = stdout.trim().split(" ").map(Number);
  if (peerSize !== size) {
    throw new Error(`Printed ${size} bytes, and Go ${peerSize}`);
  }
  console.log(
    `template/run ${ours.toFixed(0)}us ${peer.toFixed(0)}us ${
      (ours / peer).toFixed(2)
    } <=6`,
  );
}

// Bundled, as it is shipped. A file of its own for each start: nothing is cached.
const bundle = `${dir.path}/engine.js`;
await esbuild.build({
  entryPoints: [new URL("../src/template/mod.ts", import.meta.url).pathname],
  outfile: bundle,
  bundle: true,
  minify: true,
  format: "esm",
});
await esbuild.stop();
await Deno.writeTextFile(
  `${dir.path}/load.js`,
  `const start = performance.now();
await import("./engine.js");
console.log(performance.now() - start);
`,
);
const loads: number[] = [];
for (let i = 0; i < STARTS; i++) {
  const load = ["run", "-A", "--no-config", `${dir.path}/load.js`];
  loads.push(Number(await mustRun(Deno.execPath(), load)));
}
console.log(`template/load ${median(loads).toFixed(1)}ms - - <=5ms`);
