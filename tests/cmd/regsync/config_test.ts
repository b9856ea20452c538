import { match, ok, strictEqual } from "node:assert/strict";
import { regsync } from "../../../src/cmd/regsync/mod.ts";
import { cli } from "../../support/cli.ts";

/** Runs `config` with a file on its standard input. */
function config(yaml: string, ...flags: readonly string[]) {
  return cli(regsync, ["config", "-c", "-", ...flags], {
    stdin: yaml,
    env: { SECRET: "geheim" },
  });
}

Deno.test("config prints what was understood, without secrets", async () => {
  const yaml =
    "creds: [{registry: r, pass: '{{ env \"SECRET\" }}'}]\nsync: [{source: a, target: b, type: repository, tags: {allow: [3.10]}}]";
  const { exit, stdout } = await config(yaml);
  strictEqual(exit, 0);
  match(stdout, /^version: 1\ncreds:\n- registry: r\n/);
  match(stdout, /\n {4}- "3\.10"\n/);
  ok(!stdout.includes("geheim"));
  match((await config(yaml, "--show-secrets")).stdout, /pass: geheim/);
});

Deno.test("config takes an empty file, and ignores a second document", async () => {
  strictEqual((await config("")).exit, 0);
  strictEqual((await config("version: 1\n---\nversion: 9")).exit, 0);
});

Deno.test("config ends 1 with the place and the reason", async () => {
  for (
    const [yaml, pattern] of [
      ["version: 2", /^stdin:1:10: version: unsupported config version/],
      [
        "sync: [{interval: 60}]",
        /^stdin:1:19: sync\[0\]\.interval: time: missing unit/,
      ],
      [
        "creds: [{tls: off}]",
        /^stdin:1:15: creds\[0\]\.tls: unknown TLS value "off"/,
      ],
      ["a: *x", /^stdin:1:4: could not find alias "x"/],
    ] as const
  ) {
    const { exit, stderr, stdout } = await config(yaml);
    strictEqual(exit, 1, yaml);
    strictEqual(stdout, "");
    match(stderr, pattern);
  }
});

Deno.test("config warns of a misspelt key, and --check fails on it", async () => {
  const yaml = "sync: [{source: a, target: b, type: repository, tagz: {}}]";
  const warned = await config(yaml);
  strictEqual(warned.exit, 0);
  match(
    warned.stderr,
    /level=WARN msg="Configuration is probably wrong" at=stdin:1:49 key=sync\[0\]\.tagz problem=/,
  );
  const checked = await config(yaml, "--check");
  strictEqual(checked.exit, 1);
  strictEqual(
    checked.stderr,
    'stdin:1:49: sync[0].tagz: unknown key, ignored; did you mean "tags"?\n',
  );
  const fine = await config(yaml.replace("tagz", "tags"), "--check");
  strictEqual(fine.exit, 0);
  strictEqual(fine.stdout + fine.stderr, "");
});

Deno.test("config warns of a scheme", async () => {
  const { stderr } = await config("creds: [{registry: l:5000, scheme: http}]");
  match(
    stderr,
    /level=WARN msg="Scheme is deprecated, for http set TLS to disabled" name=l:5000/,
  );
});

Deno.test("the file of the examples has nothing to complain about", async () => {
  const path = new URL("../../../deploy/regsync/regsync.yml", import.meta.url);
  const { exit, stderr } = await config(
    await Deno.readTextFile(path),
    "--check",
  );
  strictEqual(exit, 0, stderr);
});
