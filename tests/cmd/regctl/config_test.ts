import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { bench } from "../../support/regctl.ts";

Deno.test("config set changes what it is given, and forgets what is the default", async () => {
  await using b = await bench();
  const stored = async () => {
    const { hosts: _, ...rest } = JSON.parse(
      await Deno.readTextFile(b.configPath),
    );
    return rest;
  };
  await b.ok([
    "config",
    "set",
    "--docker-cert=false",
    "--docker-cred=false",
    "--blob-limit=5",
  ]);
  await b.ok(["config", "set", "--default-cred-helper", "docker-credential-x"]);
  deepStrictEqual(await stored(), {
    hostDefault: { credHelper: "docker-credential-x" },
    blobLimit: 5,
    incDockerCert: false,
    incDockerCred: false,
  });
  await b.ok(["config", "set", "--docker-cred", "--default-cred-helper="]);
  deepStrictEqual(await stored(), { blobLimit: 5, incDockerCert: false });
});

Deno.test("config get shows the file, without its secrets", async () => {
  await using b = await bench();
  const all =
    '{"hosts":{"a":{"user":"u","pass":"S","clientKey":"S"}},"hostDefault":{"token":"S"}}';
  await Deno.writeTextFile(b.configPath, all);
  strictEqual(
    await b.ok(["config", "get"]),
    '{\n  "hosts": {\n    "a": {\n      "user": "u"\n    }\n  }\n}\n',
  );
  await Deno.writeTextFile(b.configPath, "");
  strictEqual(await b.ok(["config", "get"]), "{}\n");
});
