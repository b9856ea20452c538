import { strictEqual } from "node:assert/strict";
import {
  createRegistry,
  DEFAULT_LIMITS,
  MemoryStorage,
} from "../../src/serve/mod.ts";
import { image } from "../support/images.ts";
import { RegistryApi } from "../support/registry_api.ts";

Deno.test("createRegistry() leaves the limits that are not named at their defaults", async () => {
  const storage = new MemoryStorage();
  const limits = { maxManifest: 10 };
  const api = new RegistryApi(createRegistry(storage, { limits }));
  const made = await image();
  for (const blob of made.blobs) await api.pushBlob("app", blob);
  const answer = await api.putManifest("app", made.manifests[0]!);
  strictEqual(answer.status, 413);
  strictEqual(DEFAULT_LIMITS.maxManifest >= 4 * 1024 * 1024, true);
});

Deno.test("createRegistry() takes sparse images only where it is told to", async () => {
  const made = await image();
  for (const [sparse, status] of [[true, 201], [false, 400]] as const) {
    const storage = new MemoryStorage();
    const api = new RegistryApi(createRegistry(storage, { sparse }));
    const answer = await api.putManifest("app", made.manifests[0]!);
    strictEqual(answer.status, status);
  }
});
