import { match, strictEqual } from "node:assert/strict";
import { bench } from "../../support/regctl.ts";

Deno.test("--host goes before the settings, --user-agent names us", async () => {
  await using b = await bench();
  await Deno.writeTextFile(b.configPath, "{}");
  const { exit } = await b.run([
    "tag",
    "ls",
    `${b.host}/none`,
    "--host",
    `reg=${b.host},tls=disabled`,
    "--user-agent=me/1",
  ]);
  strictEqual(exit, 1);
  strictEqual(b.registry.requests.at(-1)?.headers.get("user-agent"), "me/1");
});

Deno.test("the trace holds no secret", async () => {
  await using b = await bench({
    token: { credentials: { user: "u", password: "SECRET" } },
  });
  await b.ok(["registry", "login", b.host, "-u=u", "-p=SECRET"]);
  const { stderr } = await b.run(["repo", "ls", b.host, "-v", "trace"]);
  match(stderr, /level=DEBUG-4 msg="reg http request"/);
  strictEqual(stderr.includes("SECRET"), false);
  strictEqual(stderr.includes(btoa("u:SECRET")), false);
});

Deno.test("waits and tries that make no sense are refused before anything is sent", async () => {
  await using b = await bench();
  for (const words of [["--timeout", "0s"], ["--retries", "-1"]]) {
    const { exit, stderr } = await b.run([
      "tag",
      "ls",
      "a.example/b",
      ...words,
    ]);
    strictEqual(exit, 2);
    match(stderr, /^error: Cannot use "--/);
  }
});
