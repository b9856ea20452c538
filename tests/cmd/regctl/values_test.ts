import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { regctl } from "../../../src/cmd/regctl/mod.ts";
import { cli } from "../../support/cli.ts";

Deno.test("ref prints the whole name, without a line end", async () => {
  strictEqual(
    (await cli(regctl, ["ref", "nginx"])).stdout,
    "docker.io/library/nginx:latest",
  );
  const json = await cli(regctl, [
    "ref",
    "a.example/b@sha256:".padEnd(83, "0"),
    "--output=json",
  ]);
  strictEqual(JSON.parse(json.stdout).Registry, "a.example");
  const wrong = await cli(regctl, ["ref", "A/b"]);
  deepStrictEqual([wrong.exit, wrong.stdout], [2, ""]);
  match(
    wrong.stderr,
    /^error: invalid reference "A\/b", repo must be lowercase/,
  );
});

Deno.test("digest hashes the standard input, without a line end", async () => {
  const digest = (...argv: string[]) =>
    cli(regctl, ["digest", ...argv], { stdin: "hi\n" });
  strictEqual(
    (await digest()).stdout,
    "sha256:98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4",
  );
  match(
    (await digest("--algorithm", "sha512")).stdout,
    /^sha512:[0-9a-f]{128}$/,
  );
  const wrong = await digest("--algorithm=md5");
  strictEqual(wrong.exit, 2);
  match(wrong.stderr, /^error: digest algorithm md5 is not available/);
});
