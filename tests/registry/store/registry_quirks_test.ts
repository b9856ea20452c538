import { strictEqual } from "node:assert/strict";
import { quirksOf } from "../../../src/registry/store/registry_quirks.ts";

const chunks = (name: string, hostname = name) =>
  quirksOf({ name, hostname }).chunks;

Deno.test("quirksOf() knows the registries that lose chunks", () => {
  strictEqual(chunks("ghcr.io"), false);
  strictEqual(chunks("123456789012.dkr.ecr.eu-west-1.amazonaws.com"), false);
  strictEqual(chunks("public.ecr.aws"), false);
});

Deno.test("quirksOf() looks at where a mirror leads, too", () => {
  strictEqual(chunks("mirror.example.com", "ghcr.io"), false);
});

Deno.test("quirksOf() expects nothing odd of others", () => {
  strictEqual(chunks("docker.io", "registry-1.docker.io"), true);
  strictEqual(chunks("ghcr.io.example.com"), true);
});
