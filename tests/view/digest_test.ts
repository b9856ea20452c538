import { strictEqual, throws } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { digestView } from "../../src/view/digest.ts";

const HEX = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const run = (text: string, digest = `sha256:${HEX}`) =>
  renderTemplate(text, digestView(digest));

Deno.test("a digest gives its parts", () => {
  strictEqual(
    run("{{.}} {{.Algorithm}} {{.Hex}} {{.Encoded}}"),
    `sha256:${HEX} sha256 ${HEX} ${HEX}`,
  );
  strictEqual(
    run(
      "{{.Algorithm.Available}} {{.Algorithm.Size}} {{.Algorithm.FromString `{}`}}",
    ),
    `true 32 sha256:${HEX}`,
  );
});

Deno.test("Validate says what is wrong with a digest", () => {
  strictEqual(run("{{.Validate}}"), "<nil>");
  strictEqual(
    run("{{.Validate}}", "sha256:abc"),
    "invalid checksum digest length",
  );
  strictEqual(run("{{.Validate}}", "md5:abc"), "unsupported digest algorithm");
  strictEqual(
    run("{{.Validate}}", "nothing"),
    "invalid checksum digest format",
  );
  strictEqual(
    run("{{.Validate}}", `sha256:${HEX.replace("4", "G")}`),
    "invalid checksum digest format",
  );
  throws(
    () => run("{{.Hex}}", "nothing"),
    /error calling Hex: no ':' separator in digest "nothing"/,
  );
});
