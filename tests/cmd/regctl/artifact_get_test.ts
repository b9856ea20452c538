import { match, strictEqual } from "node:assert/strict";
import { bench } from "../../support/regctl.ts";

Deno.test("artifact get --output writes files and unpacks directories, inside the folder", async () => {
  await using b = await bench();
  const source = `${b.dir}/in`;
  await Deno.mkdir(`${source}/dir/sub`, { recursive: true });
  await Deno.writeTextFile(`${source}/a.txt`, "a");
  await Deno.writeTextFile(`${source}/dir/sub/b.sh`, "b", { mode: 0o755 });
  await Deno.symlink("sub/b.sh", `${source}/dir/link`);
  const ref = `ocidir://${b.dir}/art:1`;
  await b.ok([
    "artifact",
    "put",
    ref,
    "--artifact-type=x/y",
    "--file-title",
    "--strip-dirs",
    "-f",
    `${source}/a.txt`,
    "-m",
    "text/plain",
    "-f",
    `${source}/dir`,
    "-m",
    "application/x-tar",
  ]);
  const out = `${b.dir}/out`;
  await Deno.mkdir(out);
  await b.ok(["artifact", "get", ref, "-o", out]);
  strictEqual(await Deno.readTextFile(`${out}/a.txt`), "a");
  strictEqual(await Deno.readTextFile(`${out}/dir/link`), "b");
  strictEqual(
    ((await Deno.stat(`${out}/dir/sub/b.sh`)).mode ?? 0) & 0o777,
    0o755,
  );
  strictEqual(await b.ok(["artifact", "get", ref, "-m", "text/plain"]), "a");
  strictEqual(await b.ok(["artifact", "get", ref, "--config"]), "{}");
  const several = await b.run(["artifact", "get", ref]);
  strictEqual(several.exit, 2);
  match(several.stderr, /more than one matching layer found/);
  const none = await b.run(["artifact", "get", ref, "-f", "nope"]);
  match(none.stderr, /no matching layers found in the artifact/);
});

Deno.test("artifact get writes nothing outside the folder, whatever the title", async () => {
  await using b = await bench();
  const ref = `${b.host}/a:1`;
  const out = `${b.dir}/out`;
  await Deno.mkdir(out);
  const blob = await b.ok(["blob", "put", `${b.host}/a`], { stdin: "evil" });
  const empty = await b.ok(["blob", "put", `${b.host}/a`], { stdin: "{}" });
  const manifest = (title: string) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {
        mediaType: "application/vnd.oci.empty.v1+json",
        digest: empty.trim(),
        size: 2,
      },
      layers: [{
        mediaType: "text/plain",
        digest: blob.trim(),
        size: 4,
        annotations: { "org.opencontainers.image.title": title },
      }],
    });
  await b.ok(["manifest", "put", ref], { stdin: manifest("../../evil") });
  await b.ok(["artifact", "get", ref, "-o", out]);
  strictEqual(await Deno.readTextFile(`${out}/evil`), "evil");
  strictEqual(
    await Deno.stat(`${b.dir}/evil`).then(() => true, () => false),
    false,
  );
  await b.ok(["manifest", "put", ref], { stdin: manifest("..") });
  strictEqual((await b.run(["artifact", "get", ref, "-o", out])).exit, 1);
});

Deno.test("artifact get refuses what makes no sense", async () => {
  await using b = await bench();
  const cases: [string[], number, RegExp][] = [
    [[], 2, /either a reference or subject must be provided/],
    [["a", "--latest", "--sort-annotation=k"], 2, /--latest cannot be used/],
    [["a", "-o", `${b.dir}/none`], 1, /output directory unavailable/],
    [["a", "-o", b.configPath], 1, /output must be a directory/],
  ];
  for (const [argv, status, message] of cases) {
    const { exit, stderr } = await b.run(["artifact", "get", ...argv]);
    strictEqual(exit, status);
    match(stderr, message);
  }
});
