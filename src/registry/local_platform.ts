/**
 * The platform of this machine.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import type { Platform } from "./core.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "amd64",
  arm64: "arm64",
  arm: "arm",
  ia32: "386",
  ppc64: "ppc64le",
  s390x: "s390x",
  riscv64: "riscv64",
};

/**
 * What each level of x86-64 adds, by the names in /proc/cpuinfo.
 *
 * See the x86-64 psABI, "Low Level System Information", micro-architecture levels.
 */
const AMD64_LEVELS: readonly (readonly [string, readonly string[]])[] = [
  ["v2", ["cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"]],
  ["v3", ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]],
  ["v4", ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]],
];

let known: Platform | undefined;

/** The platform of this machine, with the processor's variant where it can be known. */
export function localPlatform(): Platform {
  return known ??= detect();
}

function detect(): Platform {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const variant = os === "linux" ? linuxVariant(architecture) : "";
  return { os, architecture, ...(variant === "" ? {} : { variant }) };
}

function linuxVariant(architecture: string): string {
  try {
    return variantOf(architecture, readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return ""; // no permission or no /proc: the base variant runs anywhere
  }
}

/** The variant that a text in the form of /proc/cpuinfo tells; empty for the base one. */
export function variantOf(architecture: string, cpuinfo: string): string {
  if (architecture === "arm") {
    const [, version] = /^CPU architecture\s*:\s*(\d+)/m.exec(cpuinfo) ?? [];
    return version === undefined ? "v7" : `v${version}`;
  }
  if (architecture !== "amd64") return "";
  const [, line = ""] = /^flags\s*:(.*)$/m.exec(cpuinfo) ?? [];
  const flags = new Set(line.trim().split(/\s+/));
  let level = "";
  for (const [name, needs] of AMD64_LEVELS) {
    if (!needs.every((flag) => flags.has(flag))) break;
    level = name;
  }
  return level;
}
