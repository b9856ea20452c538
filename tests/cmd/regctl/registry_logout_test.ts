import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type Bench, bench } from "../../support/regctl.ts";

Deno.test("registry logout forgets the login and keeps the settings", async () => {
  await using b = await bench();
  const user = (name: string) => b.run(["registry", "whoami", name]);
  await b.ok([
    "registry",
    "login",
    b.host,
    "-u",
    "u",
    "-p",
    "p",
    "--skip-check",
  ]);
  await b.ok([
    "registry",
    "login",
    "x.example",
    "-u",
    "u",
    "-p",
    "p",
    "--skip-check",
  ]);
  strictEqual((await user(b.host)).stdout, "u\n");
  await b.ok(["registry", "logout", b.host]);
  await b.ok(["registry", "logout", "x.example"]);
  strictEqual(
    (await user(b.host)).stderr,
    `error: no login found for ${b.host}\n`,
  );
  deepStrictEqual(JSON.parse(await Deno.readTextFile(b.configPath)), {
    hosts: { [b.host]: { tls: "disabled" } },
  });
  strictEqual((await b.run(["registry", "logout", "nobody.example"])).exit, 0);
});

/** A helper that keeps a log of what it is asked, as the test's own setting of x.example. */
async function withHelper(b: Bench, script = ""): Promise<string> {
  const helper = `${b.dir}/docker-credential-test`;
  await Deno.writeTextFile(
    helper,
    `#!/bin/sh\necho "$1 $(cat)" >> ${b.dir}/log\n${script}\n`,
    { mode: 0o755 },
  );
  const set = ["registry", "set", "x.example", "--skip-check"];
  await b.ok([...set, "--cred-helper", helper]);
  return helper;
}

Deno.test("registry logout makes the helper forget, and keeps the helper", async () => {
  await using b = await bench();
  const helper = await withHelper(b);
  const { exit, stderr } = await b.run(["registry", "logout", "x.example"]);
  deepStrictEqual([exit, stderr], [0, ""]);
  strictEqual(await Deno.readTextFile(`${b.dir}/log`), "erase x.example\n");
  const { hosts } = JSON.parse(await Deno.readTextFile(b.configPath));
  strictEqual(hosts["x.example"].credHelper, helper);
});

Deno.test("registry logout succeeds where the helper knows no login, and fails where it refuses", async () => {
  await using b = await bench();
  const missing = "echo credentials not found in native keychain; exit 1";
  await withHelper(b, missing);
  strictEqual((await b.run(["registry", "logout", "x.example"])).exit, 0);
  await withHelper(b, "exit 1");
  const { exit, stderr } = await b.run(["registry", "logout", "x.example"]);
  strictEqual(exit, 2);
  match(stderr, /^error: Cannot erase the login from ".*-test"\nhint: /);
});

Deno.test("registry logout says that a login of Docker's remains", async () => {
  await using b = await bench();
  const login = { username: "u", password: "SECRET" };
  const env = {
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "d.example": login } }),
  };
  const { exit, stderr } = await b.run(["registry", "logout", "d.example"], {
    env,
  });
  strictEqual(exit, 0);
  match(stderr, /Another program's file still holds a login.*=d\.example\n$/);
});
