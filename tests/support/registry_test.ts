import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { startRegistry } from "./registry.ts";

Deno.test("startRegistry() answers a fault as often as it says, then the registry", async () => {
  await using registry = startRegistry({
    faults: [{ path: /^\/v2\/$/, status: 503, times: 2, after: 1 }],
  });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) {
    const response = await fetch(`${registry.url}/v2/`);
    await response.body?.cancel();
    statuses.push(response.status);
  }
  deepStrictEqual(statuses, [200, 503, 503, 200]);
  deepStrictEqual(registry.take(), Array(4).fill("GET /v2/"));
});

Deno.test("startRegistry() cuts and corrupts bodies", async () => {
  await using registry = startRegistry({
    faults: [
      { times: 1, cutAfter: 1 },
      { times: 1, corrupt: true },
    ],
  });
  await rejects(async () => await (await fetch(`${registry.url}/v2/`)).text());
  const corrupt = await fetch(`${registry.url}/v2/`);
  strictEqual(await corrupt.text(), "z}");
});

Deno.test("startRegistry() lacks what it is told to lack", async () => {
  await using registry = startRegistry({
    features: { head: false, referrers: false, chunkedTransfer: false },
  });
  const ask = async (path: string, init: RequestInit) => {
    const response = await fetch(`${registry.url}/v2/${path}`, init);
    await response.body?.cancel();
    return response.status;
  };
  strictEqual(await ask("a/manifests/b", { method: "HEAD" }), 405);
  strictEqual(await ask(`a/referrers/sha256:${"0".repeat(64)}`, {}), 404);
  const body = ReadableStream.from([new Uint8Array(3)]);
  strictEqual(await ask("a/blobs/uploads/", { method: "POST", body }), 411);
  strictEqual(await ask("a/blobs/uploads/", { method: "POST" }), 202);
});

Deno.test("startRegistry() gives tokens that wear out", async () => {
  await using registry = startRegistry({ token: { uses: 1 } });
  const first = await fetch(`${registry.url}/v2/`);
  await first.body?.cancel();
  strictEqual(first.status, 401);
  const realm = /realm="([^"]+)"/
    .exec(first.headers.get("www-authenticate") ?? "")?.[1] ?? "";
  const { token } = await (await fetch(realm)).json();
  const ask = async () => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${registry.url}/v2/`, { headers });
    await response.body?.cancel();
    return response.status;
  };
  deepStrictEqual([await ask(), await ask()], [200, 401]);
  strictEqual(registry.tokens.issued, 1);
});
