import { strictEqual } from "node:assert/strict";
import { localPlatform, variantOf } from "../../src/registry/local_platform.ts";

Deno.test("variantOf() reads the level of x86-64 from the processor's flags", () => {
  const v2 = "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3";
  const v3 = `${v2} avx avx2 bmi1 bmi2 f16c fma abm movbe`;
  strictEqual(variantOf("amd64", "flags\t\t: fpu sse"), "");
  strictEqual(variantOf("amd64", `flags : ${v2}\n`), "v2");
  strictEqual(variantOf("amd64", `flags : ${v3} avx512f\n`), "v3");
});

Deno.test("variantOf() reads the architecture of an arm", () => {
  strictEqual(variantOf("arm", "processor: 0\nCPU architecture: 8\n"), "v8");
  strictEqual(variantOf("arm64", "CPU architecture: 8\n"), "");
});

Deno.test("localPlatform() names this machine in the field's words", () => {
  const { os, architecture } = localPlatform();
  strictEqual(os, Deno.build.os);
  strictEqual(architecture, Deno.build.arch === "x86_64" ? "amd64" : "arm64");
});
