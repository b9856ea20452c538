import { strictEqual } from "node:assert/strict";
import { MemoryStorage } from "../../src/serve/memory_storage.ts";
import { Uploads } from "../../src/serve/uploads.ts";

await using storage = new MemoryStorage();
const app = storage.repository("app");
const other = storage.repository("other");

Deno.test("Uploads finds a session in its own repository alone", async () => {
  const uploads = new Uploads({ expireMs: 1000, max: 10 });
  const upload = await uploads.create(app, "sha256");
  strictEqual(await uploads.find(app, upload.id), upload);
  strictEqual(await uploads.find(other, upload.id), undefined);
});

Deno.test("Uploads asks no storage for identifiers that are not its own", async () => {
  const uploads = new Uploads({ expireMs: 1000, max: 10 });
  const repository = Object.assign(storage.repository("app"), {
    findSpool: () => {
      throw new Error("asked");
    },
  });
  for (const id of ["../../etc/passwd", "x", "", "%2e%2e"]) {
    strictEqual(await uploads.find(repository, id), undefined);
  }
});

Deno.test("Uploads forgets a session that is dropped", async () => {
  const uploads = new Uploads({ expireMs: 1000, max: 10 });
  const upload = await uploads.create(app, "sha256");
  await upload.spool.write(new Uint8Array(5));
  await uploads.drop(app, upload);
  strictEqual(await uploads.find(app, upload.id), undefined);
  strictEqual(upload.spool.size, 0);
});

Deno.test("Uploads drops what nobody used for long, and nothing else", async () => {
  const uploads = new Uploads({ expireMs: 1000, max: 10 });
  const old = await uploads.create(app, "sha256");
  const young = await uploads.create(app, "sha256");
  young.used += 500;
  await uploads.sweep(old.used + 1001);
  strictEqual(await uploads.find(app, old.id), undefined);
  strictEqual(await uploads.find(app, young.id), young);
});

Deno.test("Uploads gives up the longest unused session for a new one when it is full", async () => {
  const uploads = new Uploads({ expireMs: 1000, max: 2 });
  const first = await uploads.create(app, "sha256");
  const second = await uploads.create(app, "sha256");
  await uploads.find(app, first.id);
  await uploads.create(app, "sha256");
  strictEqual(uploads.size, 2);
  strictEqual(await uploads.find(app, second.id), undefined);
  strictEqual(await uploads.find(app, first.id), first);
});
