import { strictEqual, throws } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { blobPutView, blobView, fileView } from "../../src/view/blob.ts";
import { describeJson } from "../support/images.ts";

const made = describeJson("application/vnd.oci.image.config.v1+json", {
  os: "linux",
});

Deno.test("a blob gives its bytes, and an empty object as JSON", () => {
  const view = blobView({ descriptor: made.descriptor, bytes: made.bytes });
  strictEqual(
    renderTemplate(
      '{{printf "%s" .RawBody}} {{.ToOCIConfig.GetConfig.OS}} {{json .}}',
      view,
    ),
    '{"os":"linux"} linux {}\n',
  );
});

Deno.test("a blob after a HEAD request has no bytes", () => {
  const view = blobView({ descriptor: made.descriptor });
  throws(
    () => renderTemplate("{{.RawBody}}", view),
    /error calling RawBody: blob is not defined/,
  );
});

Deno.test("what was pushed has digest and size", () => {
  strictEqual(
    renderTemplate("{{.Digest}} {{.Size}}", blobPutView(made.descriptor)),
    `${made.descriptor.digest} ${made.descriptor.size}`,
  );
});

Deno.test("a file of a layer has the header of its tar", () => {
  const view = fileView({
    name: "etc/passwd",
    type: "0",
    size: 2,
    mode: 0o644,
    uid: 0,
    gid: 0,
    uname: "",
    gname: "",
    linkname: "",
    devmajor: 0,
    devminor: 0,
    mtime: 0n,
    pax: new Map(),
    format: "ustar",
  }, new Uint8Array([104, 105]));
  strictEqual(
    renderTemplate(
      '{{.Header.Name}} {{.Header.Size}} {{printf "%o %c" .Header.Mode .Header.Typeflag}} {{.Header.ModTime.Unix}} {{printf "%s" .Reader}}',
      view,
    ),
    "etc/passwd 2 644 0 0 hi",
  );
});
