import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bench } from "../../support/regctl.ts";

Deno.test("registry config shows no secrets", async () => {
  await using b = await bench();
  await b.ok([
    "registry",
    "login",
    "a.example",
    "-u",
    "u",
    "-p",
    "SECRET",
    "--skip-check",
  ]);
  const all = await b.ok(["registry", "config"]);
  strictEqual(all.includes("SECRET"), false);
  deepStrictEqual(JSON.parse(all).hosts["a.example"], { user: "u" });
  deepStrictEqual(JSON.parse(await b.ok(["registry", "config", "a.example"])), {
    user: "u",
  });
  const none = await b.run(["registry", "config", "nobody.example"]);
  deepStrictEqual([none.exit, none.stdout], [0, ""]);
  match(
    none.stderr,
    /level=WARN msg="No configuration found for registry" registry=nobody\.example/,
  );
});

Deno.test("registry config names the place of what is wrong in the file", async () => {
  await using b = await bench();
  await Deno.writeTextFile(b.configPath, '{\n"hosts": 5}');
  const { exit, stderr } = await b.run(["registry", "config"]);
  strictEqual(exit, 2);
  match(
    stderr,
    /^error: .*config\.json:2:10: hosts: expected an object, found 5\n/,
  );
  await b.run(["registry", "set", "a.example", "--skip-check"]);
  strictEqual(await Deno.readTextFile(b.configPath), '{\n"hosts": 5}');
  const other = await b.run(["tag", "ls", `${b.host}/none`]);
  match(
    other.stderr,
    /msg="Failed to load default config" err=.*config\.json:2:10/,
  );
});

Deno.test("registry whoami calls an identity token by its name", async () => {
  await using b = await bench();
  await b.ok([
    "registry",
    "login",
    "t.example",
    "-u",
    "<token>",
    "-p",
    "SECRET",
    "--skip-check",
  ]);
  strictEqual(await b.ok(["registry", "whoami", "t.example"]), "<token>\n");
});

Deno.test("registry ping asks the registry", async () => {
  await using b = await bench();
  strictEqual(await b.ok(["registry", "ping", b.host]), `${b.host}\n`);
  deepStrictEqual(b.registry.take(), ["GET /v2/"]);
  b.registry.faults.push({ status: 403 });
  const { exit, stderr } = await b.run([
    "registry",
    "ping",
    b.host,
    "--retries=0",
  ]);
  strictEqual(exit, 1);
  match(stderr, /^error: failed to ping registry .*\[http 403\]/);
});

Deno.test("registry whoami and ping print JSON where it is asked for", async () => {
  await using b = await bench();
  await b.ok(["registry", "login", b.host, "-u=u", "-p=p", "--skip-check"]);
  const json = async (name: string) =>
    JSON.parse(await b.ok(["registry", name, b.host, "--output=json"]));
  deepStrictEqual(await json("whoami"), { registry: b.host, user: "u" });
  deepStrictEqual(await json("ping"), { registry: b.host });
  const bad = await b.run(["registry", "ping", b.host, "--output=xml"]);
  strictEqual(bad.exit, 2);
});
