import { match, strictEqual } from "node:assert/strict";
import { regsync } from "../../../src/cmd/regsync/mod.ts";
import { cli } from "../../support/cli.ts";
import { tempDir } from "../../support/temp.ts";

Deno.test("a file that is not named, empty or not there fails in upstream's words", async () => {
  for (
    const [argv, message] of [
      [["check"], /^required flag\(s\) "config" not set$/m],
      [["check", "-c", ""], /^required input missing$/m],
      [
        ["check", "-c", "/nonexistent.yml"],
        /^open \/nonexistent\.yml: no such file or directory$/m,
      ],
    ] as const
  ) {
    const { exit, stderr } = await cli(regsync, argv);
    strictEqual(exit, 1);
    match(stderr, message);
  }
});

Deno.test("-c stands in any place, and the last one counts", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/f.yml`;
  await Deno.writeTextFile(path, "version: 1");
  for (
    const argv of [
      ["-c", path, "config"],
      [`-c${path}`, "config"],
      ["config", `--config=${path}`],
      ["config", "-c", "/nonexistent.yml", "-c", path],
    ]
  ) {
    const { exit, stdout, stderr } = await cli(regsync, argv);
    strictEqual(exit, 0, stderr);
    match(stdout, /^version: 1\n/);
  }
});

Deno.test("templates read files and the environment", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/secret`, " geheim\n");
  const { stdout } = await cli(
    regsync,
    ["config", "-c", "-", "--show-secrets"],
    {
      stdin:
        `creds: [{registry: r, user: '{{ env "U" }}', pass: '{{ file "${dir.path}/secret" }}'}]`,
      env: { U: "me" },
    },
  );
  match(stdout, /user: me\n {2}pass: geheim\n/);
});
