import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { image } from "../../support/images.ts";
import { bench } from "../../support/regctl.ts";

Deno.test("artifact put pushes the standard input, with upstream's empty config", async () => {
  await using b = await bench();
  const ref = `${b.host}/a:1`;
  strictEqual(
    await b.ok([
      "artifact",
      "put",
      ref,
      "--artifact-type=x/y",
      "--annotation=k=v",
    ], { stdin: "hi\n" }),
    "",
  );
  const manifest = JSON.parse(
    await b.ok(["manifest", "get", ref, "--format=body"]),
  );
  deepStrictEqual(manifest, {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    artifactType: "x/y",
    config: {
      mediaType: "application/vnd.oci.empty.v1+json",
      digest:
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      size: 2,
    },
    layers: [{
      mediaType: "x/y",
      digest:
        "sha256:98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4",
      size: 3,
    }],
    annotations: { k: "v" },
  });
  strictEqual(await b.ok(["artifact", "get", ref]), "hi\n");
});

Deno.test("artifact put --subject needs no name, and is found by its subject", async () => {
  await using b = await bench();
  const ref = `${b.host}/a:1`;
  await b.ok(["image", "copy", await b.layout(await image()), ref]);
  await b.ok(["artifact", "put", "--subject", ref, "--artifact-type=x/y"], {
    stdin: "sbom",
  });
  strictEqual(await b.ok(["tag", "ls", `${b.host}/a`]), "1\n");
  strictEqual(await b.ok(["artifact", "get", "--subject", ref]), "sbom");
});

Deno.test("artifact put --index adds to the index of a tag", async () => {
  await using b = await bench();
  const ref = `${b.host}/a:1`;
  for (const stdin of ["one", "two"]) {
    await b.ok([
      "artifact",
      "put",
      ref,
      "--index",
      "--artifact-type",
      `x/${stdin}`,
    ], { stdin });
  }
  strictEqual(
    await b.ok(["artifact", "get", ref, "--filter-artifact-type=x/two"]),
    "two",
  );
});

Deno.test("artifact put refuses what upstream refuses", async () => {
  await using b = await bench();
  const cases: [string[], RegExp][] = [
    [[], /either a reference or subject must be provided/],
    [
      ["a:1", "-f", "x", "-f", "y", "-m", "a/b"],
      /one artifact media-type must be set for each artifact file/,
    ],
    [["a:1", "--config-file", "x"], /config-type is required for config-file/],
    [["a:1", "--artifact-type", "no type"], /invalid media type: no type/],
    [["a:1", "--external", "b"], /requires a subject/],
    [
      ["--index", "--subject=a:1"],
      /a reference is required to push to an index/,
    ],
  ];
  for (const [argv, message] of cases) {
    const { exit, stderr } = await b.run(["artifact", "put", ...argv]);
    strictEqual(exit, 2, argv.join(" "));
    match(stderr, message);
  }
});
