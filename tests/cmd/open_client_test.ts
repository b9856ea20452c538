import { match, strictEqual } from "node:assert/strict";
import { syncBench } from "../support/regsync.ts";

const STEP = "sync: [{source: S/test/repo:v2, target: T/t/a:1, type: image}]";

Deno.test("the user agent is the file's, or names the tool", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  await bench.run("check", STEP);
  match(
    bench.S.requests[0]?.headers.get("user-agent") ?? "",
    /^regkit\/regsync \(v/,
  );
  bench.S.take();
  await bench.run("check", `defaults: {userAgent: mine/1}\n${STEP}`);
  strictEqual(bench.S.requests[0]?.headers.get("user-agent"), "mine/1");
});

Deno.test("Docker's logins are used, unless the file says otherwise", async () => {
  await using bench = await syncBench({ tags: ["v2"] });
  bench.S.faults.push({
    status: 401,
    times: 1,
    headers: { "www-authenticate": 'Basic realm="r"' },
  });
  const env = {
    DOCKER_AUTH_CONFIG: JSON.stringify({
      auths: { [bench.hosts.S]: { auth: btoa("me:geheim") } },
    }),
  };
  strictEqual((await bench.run("check", STEP, { env })).exit, 0);
  strictEqual(
    bench.S.requests.at(-1)?.headers.get("authorization"),
    `Basic ${btoa("me:geheim")}`,
  );
  bench.S.take();
  const skip = `defaults: {skipDockerConfig: true}\n${STEP}`;
  strictEqual((await bench.run("check", skip, { env })).exit, 0);
  strictEqual(bench.S.requests.at(-1)?.headers.has("authorization"), false);
});
