/**
 * Platforms: parsed, compared, chosen from an index.
 *
 * The rules are upstream's (regclient `types/platform`), which follow containerd's.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type { Descriptor, Platform } from "./core.ts";
import { localPlatform } from "./local_platform.ts";

export { localPlatform } from "./local_platform.ts";

/** Words that name an architecture when they stand alone. */
const KNOWN_ARCHITECTURES = new Set(
  ("386 amd64 i386 x86_64 x86-64 arm armhf armel arm64 aarch64 mips mips64 " +
    "mips64le ppc ppc64 ppc64le loong64 riscv riscv64 s390 s390x sparc " +
    "sparc64 wasm").split(" "),
);

/** Options for {@linkcode parsePlatform}. */
export interface ParsePlatformOptions {
  /** What `local` means. @default {localPlatform()} */
  readonly local?: Platform;
}

/**
 * Parses `os[/arch[/variant]][,osver=VERSION]`, an architecture alone, or `local`.
 *
 * @throws {RegError} `usage`
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(formatPlatform(parsePlatform("linux/aarch64")), "linux/arm64");
 * ```
 */
export function parsePlatform(
  text: string,
  options: ParsePlatformOptions = {},
): Platform {
  const { local = localPlatform() } = options;
  const [first = "", ...extra] = text.split(",");
  const parts = first.toLowerCase().split("/");
  const bad = parts.slice(0, 3).find((part) => !/^[a-z0-9_-]+$/.test(part));
  if (bad !== undefined || parts.length > 3) {
    throw new RegError(
      "usage",
      `invalid platform component ${bad ?? parts[3]} in ${text}`,
    );
  }
  const version = osVersion(text, extra);
  const platform = normalize(fillIn(parts, local));
  return version === "" ? platform : { ...platform, "os.version": version };
}

function fillIn(parts: readonly string[], local: Platform): Platform {
  const [head = "", architecture = "", variant = ""] = parts;
  if (parts.length === 1) {
    if (head === "local") return local;
    if (KNOWN_ARCHITECTURES.has(head)) {
      const alone = normalize({ os: local.os, architecture: head });
      return alone.architecture === local.architecture ? local : alone;
    }
    // The system alone: this machine's processor, if it could run there.
    const os = OS_ALIASES[head] ?? head;
    return isCompatible(local, { ...local, os })
      ? { ...local, os }
      : { os, architecture: "" };
  }
  return {
    os: head === "local" ? local.os : head,
    architecture,
    ...(variant === "" ? {} : { variant }),
  };
}

function osVersion(text: string, extra: readonly string[]): string {
  let version = "";
  for (const item of extra) {
    const [key = "", value = ""] = item.split("=", 2);
    if (key !== "osver" && key !== "osversion") {
      throw new RegError(
        "usage",
        `unsupported platform arg type, ${key} in ${text}`,
      );
    }
    version = value;
  }
  return version;
}

const OS_ALIASES: Readonly<Record<string, string>> = { macos: "darwin" };

const ARM_VARIANTS: Readonly<Record<string, string>> = {
  "": "v7",
  "5": "v5",
  "6": "v6",
  "7": "v7",
  "8": "v8",
};

/** The platform with the common names for the same thing made one. */
export function normalize(platform: Platform): Platform {
  const { variant: given = "", ...rest } = platform;
  const os = OS_ALIASES[platform.os] ?? platform.os;
  const [architecture, variant] = normalizeCpu(platform.architecture, given);
  return {
    ...rest,
    os,
    architecture,
    ...(variant === "" ? {} : { variant }),
  };
}

function normalizeCpu(
  architecture: string,
  variant: string,
): readonly [architecture: string, variant: string] {
  switch (architecture) {
    case "i386":
      return ["386", ""];
    case "amd64":
    case "x86_64":
    case "x86-64":
      return ["amd64", variant === "v1" ? "" : variant];
    case "arm64":
    case "aarch64":
      return ["arm64", variant === "8" || variant === "v8" ? "" : variant];
    case "armhf":
      return ["arm", "v7"];
    case "armel":
      return ["arm", "v6"];
    case "arm":
      return ["arm", ARM_VARIANTS[variant] ?? variant];
    default:
      return [architecture, variant];
  }
}

/** Prints `os[/arch[/variant]]`, as upstream does. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = normalize(platform);
  if (os === "") return "unknown";
  return [os, architecture, variant].filter(Boolean).join("/");
}

/** Tells whether two platforms are the same: what `--platforms` selects by. */
export function platformsMatch(a: Platform, b: Platform): boolean {
  const [x, y] = [normalize(a), normalize(b)];
  if (
    x.os !== y.os || x.architecture !== y.architecture ||
    (x.variant ?? "") !== (y.variant ?? "")
  ) return false;
  if (x.os === "windows") {
    return windowsVersion(x["os.version"]) === windowsVersion(y["os.version"]);
  }
  return (x["os.version"] ?? "") === (y["os.version"] ?? "") &&
    sameStrings(x["os.features"], y["os.features"]) &&
    sameStrings(x.features, y.features);
}

/** Tells whether `host` can run `target`. */
export function isCompatible(host: Platform, target: Platform): boolean {
  const [x, y] = [normalize(host), normalize(target)];
  if (x.architecture !== y.architecture) return false;
  if (variantNumber(x.variant) < variantNumber(y.variant)) return false;
  switch (x.os) {
    case "windows":
      if (y.os === "linux") return true;
      return y.os === "windows" &&
        (!x["os.version"] ||
          windowsVersion(x["os.version"]) === windowsVersion(y["os.version"]));
    case "darwin":
      return y.os === "darwin" || y.os === "linux";
    default:
      return x.os === y.os;
  }
}

/**
 * Chooses the entry that a platform runs best: the same system, processor and
 * variant before the next higher variant; the first of equal ones.
 *
 * @throws {RegError} `not_found` where none can run.
 */
export function selectPlatform(
  entries: readonly Descriptor[],
  platform: Platform,
): Descriptor {
  let best: Descriptor | undefined;
  for (const entry of entries) {
    if (!entry.platform || !isCompatible(platform, entry.platform)) continue;
    if (
      best?.platform === undefined ||
      isBetter(platform, entry.platform, best.platform)
    ) best = entry;
  }
  if (best) return best;
  throw new RegError(
    "not_found",
    `platform not found: ${formatPlatform(platform)}`,
  );
}

function isBetter(host: Platform, a: Platform, b: Platform): boolean {
  const [h, x, y] = [normalize(host), normalize(a), normalize(b)];
  const rules: readonly ((p: Platform) => number)[] = [
    (p) => Number(p.os === h.os),
    (p) => Number(p.architecture === h.architecture),
    (p) => Number((p.variant ?? "") === (h.variant ?? "")),
    (p) => variantNumber(p.variant),
    (p) => Number((p["os.version"] ?? "") === (h["os.version"] ?? "")),
  ];
  for (const rule of rules) {
    if (rule(x) !== rule(y)) return rule(x) > rule(y);
  }
  return compareVersions(x["os.version"] ?? "", y["os.version"] ?? "") > 0;
}

function variantNumber(variant: string | undefined): number {
  const [, digits = "1"] = /^v?(\d+)$/.exec(variant ?? "") ?? [];
  return Number(digits);
}

function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => text.split(".").map(Number));
  for (let i = 0; i < Math.max(x?.length ?? 0, y?.length ?? 0); i++) {
    const difference = (x?.[i] || 0) - (y?.[i] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Windows images run where the first three numbers agree. */
function windowsVersion(text: string | undefined): string {
  return (text ?? "").split(".").slice(0, 3).join(".");
}

function sameStrings(
  a: readonly string[] = [],
  b: readonly string[] = [],
): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
