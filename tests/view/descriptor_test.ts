import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import type { Descriptor } from "../../src/registry/core.ts";
import {
  descriptorRows,
  descriptorView,
  toDescriptor,
} from "../../src/view/descriptor.ts";

const EMPTY: Descriptor = {
  mediaType: "application/vnd.oci.empty.v1+json",
  digest:
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  size: 2,
  data: "e30=",
};
const run = (text: string, change: Partial<Descriptor> = {}) =>
  renderTemplate(text, descriptorView({ ...EMPTY, ...change }));

Deno.test("a descriptor has Go's fields, and JSON the specification's", () => {
  strictEqual(
    run("{{.MediaType}} {{.Size}} {{.URLs}} {{.Platform}} {{.Annotations}}"),
    "application/vnd.oci.empty.v1+json 2 [] <nil> map[]",
  );
  deepStrictEqual(JSON.parse(run("{{json .}}")), { ...EMPTY });
});

Deno.test("GetData gives what the digest stands for and nothing else", () => {
  strictEqual(run('{{printf "%s" .GetData}}'), "{}");
  throws(
    () => run("{{.GetData}}", { data: "W10=" }),
    /error calling GetData: parsing failed/,
  );
  throws(() => run("{{.GetData}}", { data: "!!" }), /parsing failed/);
});

Deno.test("Same looks past the families of media types, Equal does not", () => {
  const layer = (mediaType: string) => descriptorView({ ...EMPTY, mediaType });
  const oci = layer("application/vnd.oci.image.layer.v1.tar+gzip");
  const docker = layer("application/vnd.docker.image.rootfs.diff.tar.gzip");
  const compare = (a: typeof oci, method: string, b: typeof oci) =>
    a.type.methods.get(method)?.call(a, [b])?.bool;
  deepStrictEqual([
    compare(oci, "Same", docker),
    compare(oci, "Equal", docker),
    compare(oci, "Equal", oci),
  ], [true, false, true]);
});

Deno.test("descriptorRows() leaves the size of manifests out", () => {
  const rows = (mediaType: string, size: number) =>
    descriptorRows(descriptorView({ ...EMPTY, mediaType, size }), "").map((
      [label, value],
    ) => label + value);
  strictEqual(
    rows("application/vnd.oci.image.index.v1+json", 5).some((row) =>
      row.startsWith("Size")
    ),
    false,
  );
  strictEqual(rows("text/plain", 100_000).at(-1), "Size:100000B");
  strictEqual(rows("text/plain", 100_001).at(-1), "Size:100.001kB");
});

Deno.test("toDescriptor() gives back what chooses an entry", () => {
  const platform = { os: "linux", architecture: "amd64" };
  const { mediaType, digest, size } = EMPTY;
  deepStrictEqual(toDescriptor(descriptorView({ ...EMPTY, platform })), {
    mediaType,
    digest,
    size,
    platform,
  });
});
