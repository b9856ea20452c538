import { match, strictEqual } from "node:assert/strict";
import { Interrupted } from "../../../src/cli/io.ts";
import { type Bench, bench } from "../../support/regctl.ts";

const LOGIN = ["registry", "login", "x.example", "-u=u", "-p=SECRET"];

/** Runs a command dry: it must change nothing. */
async function dry(b: Bench, ...words: readonly string[]): Promise<string> {
  const before = await Deno.readTextFile(b.configPath);
  const { exit, stdout, stderr } = await b.run([...words, "--dry-run"]);
  strictEqual(exit, 0, stderr);
  strictEqual(await Deno.readTextFile(b.configPath), before);
  strictEqual(`${stdout}${stderr}`.includes("SECRET"), false);
  return stdout.replaceAll(` in ${b.configPath}`, "");
}

Deno.test("--dry-run names each setting that would change, secrets without their values", async () => {
  await using b = await bench();
  strictEqual(
    await dry(b, "config", "set", "--blob-limit=5", "--docker-cred=false"),
    "would set blobLimit to 5\nwould set incDockerCred to false\n",
  );
  strictEqual(
    await dry(
      b,
      "registry",
      "set",
      "x.example",
      "--mirror=a",
      "--tls=insecure",
    ),
    'would set hosts.x.example.tls to "insecure"\n' +
      'would set hosts.x.example.hostname to "x.example"\n' +
      'would set hosts.x.example.mirrors to ["a"]\n',
  );
  strictEqual(
    await dry(b, ...LOGIN),
    'would set hosts.x.example.user to "u"\nwould set hosts.x.example.pass\n',
  );
  await b.ok([...LOGIN, "--skip-check"]);
  strictEqual(
    await dry(b, "registry", "logout", "x.example"),
    "would remove hosts.x.example.user\nwould remove hosts.x.example.pass\n",
  );
  strictEqual(b.registry.take().length, 0);
});

Deno.test("--dry-run runs no credential helper that changes something", async () => {
  await using b = await bench();
  const helper = `${b.dir}/docker-credential-never`;
  await b.ok(["registry", "set", "x.example", "--skip-check"].concat(
    `--cred-helper=${helper}`,
  ));
  strictEqual(
    await dry(b, ...LOGIN),
    `would store the login for x.example in ${helper}\n`,
  );
  match(
    await dry(b, "registry", "logout", "x.example"),
    /^would erase the login for x\.example from .*-never\n$/,
  );
});

Deno.test("what is interrupted saves nothing", async () => {
  await using b = await bench();
  const before = await Deno.readTextFile(b.configPath);
  const signal = AbortSignal.abort(new Interrupted("SIGINT"));
  const { exit } = await b.run(["config", "set", "--blob-limit=5"], { signal });
  strictEqual(exit, 130);
  strictEqual(await Deno.readTextFile(b.configPath), before);
});
