import { doesNotMatch, match, strictEqual } from "node:assert/strict";
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

Deno.test("registry ping asks once, unless it is told to try again", async () => {
  await using b = await bench();
  // A port from which nothing answers any more.
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr;
  closed.close();
  const ping = (...words: readonly string[]) =>
    b.run(["registry", "ping", `127.0.0.1:${port}`, "-v=debug", ...words]);
  const once = await ping();
  strictEqual(once.exit, 1);
  doesNotMatch(once.stderr, /Sleeping for backoff/);
  match((await ping("--retries=1")).stderr, /Sleeping for backoff/);
});
