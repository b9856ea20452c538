import { match, strictEqual } from "node:assert/strict";
import { bench } from "../../support/regctl.ts";

Deno.test("registry set and login save first and check then", async () => {
  await using b = await bench({ faults: [{ status: 400 }] });
  const set = await b.run([
    "registry",
    "set",
    b.host,
    "--retries=0",
    "--blob-max=7",
  ]);
  strictEqual(set.exit, 1);
  match(
    set.stderr,
    /level=WARN msg="Failed to ping registry, configuration still updated"\nerror: failed to ping registry /,
  );
  const login = await b.run([
    "registry",
    "login",
    b.host,
    "--retries=0",
    "-uu",
    "-pp",
  ]);
  strictEqual(login.exit, 1);
  match(login.stderr, /credentials were still stored/);
  const { hosts } = JSON.parse(await Deno.readTextFile(b.configPath));
  strictEqual(hosts[b.host].blobMax, 7);
  strictEqual(hosts[b.host].user, "u");
});

Deno.test("registry ping tries once more, and then says so", async () => {
  await using b = await bench();
  const down = { status: 503, headers: { "retry-after": "0" } };
  b.registry.faults.push(down);
  await b.ok(["registry", "ping", b.host]);
  b.registry.faults.push(down, down, down);
  strictEqual((await b.run(["registry", "ping", b.host])).exit, 1);
  strictEqual(b.registry.take().join(), Array(4).fill("GET /v2/").join());
});
