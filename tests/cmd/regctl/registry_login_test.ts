import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type Bench, bench } from "../../support/regctl.ts";

async function hosts(b: Bench) {
  return JSON.parse(await Deno.readTextFile(b.configPath)).hosts;
}

Deno.test("registry login reads the password from the standard input, and says where it goes", async () => {
  await using b = await bench();
  const { exit, stdout, stderr } = await b.run(
    [
      "registry",
      "login",
      "x.example",
      "--user=u",
      "--pass-stdin",
      "--skip-check",
    ],
    { stdin: "SECRET\r\n" },
  );
  deepStrictEqual([exit, stdout], [0, ""]);
  strictEqual(
    stderr,
    `The password is stored as plain text in ${b.configPath}\n`,
  );
  deepStrictEqual((await hosts(b))["x.example"], { user: "u", pass: "SECRET" });
});

Deno.test("registry login tries the login", async () => {
  await using b = await bench({
    token: { credentials: { user: "u", password: "p" } },
  });
  strictEqual(
    (await b.run(["registry", "login", b.host, "-u=u", "-p=p"])).exit,
    0,
  );
  const wrong = await b.run(["registry", "login", b.host, "-u=u", "-p=SECRET"]);
  strictEqual(wrong.exit, 1);
  match(wrong.stderr, /unauthorized/);
  strictEqual(wrong.stderr.includes("SECRET"), false);
});

Deno.test("registry login asks for the user, and will not ask for a password without a terminal", async () => {
  await using b = await bench();
  const { exit, stdout, stderr } = await b.run(
    ["registry", "login", "x.example", "--skip-check"],
    { stdin: "me\nSECRET\n" },
  );
  strictEqual(exit, 2);
  strictEqual(stdout, "Enter Username: ");
  match(stderr, /^error: unable to read from tty.*\nhint: add --pass-stdin/);
  const named = await b.run(
    ["registry", "login", "x.example", "--skip-check", "-p", "p"],
    { stdin: "me\n" },
  );
  strictEqual(named.exit, 0);
  strictEqual((await hosts(b))["x.example"].user, "me");
  const again = await b.run(
    ["registry", "login", "x.example", "--skip-check", "-p", "q"],
    { stdin: "\n" },
  );
  strictEqual(again.stdout, "Enter Username [me]: ");
  deepStrictEqual((await hosts(b))["x.example"], { user: "me", pass: "q" });
});

Deno.test("registry login refuses a password without its user", async () => {
  await using b = await bench();
  const { exit, stderr } = await b.run(["registry", "login", "--pass-stdin"]);
  strictEqual(exit, 2);
  match(stderr, /^error: user must be provided to read password from stdin\n/);
});

Deno.test("registry login hands the password to the helper, and to nothing else", async () => {
  await using b = await bench();
  const helper = `${b.dir}/docker-credential-test`;
  await Deno.writeTextFile(
    helper,
    `#!/bin/sh\necho "$1" >> ${b.dir}/log\ncat >> ${b.dir}/log\n`,
    { mode: 0o755 },
  );
  await b.ok([
    "registry",
    "set",
    "x.example",
    "--skip-check",
    "--cred-helper",
    helper,
  ]);
  const { exit, stderr } = await b.run(
    ["registry", "login", "x.example", "-u=u", "-p=SECRET", "--skip-check"],
  );
  strictEqual(exit, 0);
  strictEqual(stderr, `The login is kept by ${helper}\n`);
  strictEqual(
    (await Deno.readTextFile(b.configPath)).includes("SECRET"),
    false,
  );
  strictEqual(
    await Deno.readTextFile(`${b.dir}/log`),
    'store\n{"ServerURL":"x.example","Username":"u","Secret":"SECRET"}',
  );
});

Deno.test("registry login hands the password to Docker's store, not to a file of ours", async () => {
  await using b = await bench();
  const before = await Deno.readTextFile(b.configPath);
  const { exit, stderr } = await b.run(
    ["registry", "login", "x.example", "-u=u", "-p=SECRET", "--skip-check"],
    { env: { DOCKER_AUTH_CONFIG: '{"credsStore":"is-not-there"}' } },
  );
  strictEqual(exit, 2);
  match(
    stderr,
    /helper "docker-credential-is-not-there".*\nhint: see what `docker-credential-is-not-there list` says/,
  );
  strictEqual(await Deno.readTextFile(b.configPath), before);
});
