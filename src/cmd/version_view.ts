/**
 * What `version` prints, under the names that templates know.
 *
 * @module
 */
import { BUILD, VERSION } from "../base/version.ts";

/** The facts, under upstream's field names. */
export interface VersionView {
  /** The version of the runtime: upstream's is Go's. */
  readonly GoVer: string;
  /** The compiler: here the engine. */
  readonly GoCompiler: string;
  /** The platform that this program was made for. */
  readonly Platform: string;
  /** The commit. */
  readonly VCSCommit: string;
  /** When the commit was made. */
  readonly VCSDate: string;
  /** The commit, or the version. */
  readonly VCSRef: string;
  /** `clean` or `dirty`. */
  readonly VCSState: string;
  /** The release. */
  readonly VCSTag: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  aarch64: "arm64",
};

/** The facts of this program. */
export function versionView(): VersionView {
  const { os, arch } = Deno.build;
  const unknown = (text: string) => text === "" ? "unknown" : text;
  return {
    GoVer: `deno${Deno.version.deno}`,
    GoCompiler: `v8 ${Deno.version.v8}`,
    Platform: `${os}/${ARCHITECTURES[arch] ?? arch}`,
    VCSCommit: unknown(BUILD.commit),
    VCSDate: unknown(BUILD.date),
    VCSRef: unknown(BUILD.commit),
    VCSState: unknown(BUILD.state),
    VCSTag: `v${VERSION}`,
  };
}

/**
 * The facts as aligned lines, in upstream's order.
 *
 * @param more Facts after them, by name.
 */
export function versionText(
  view: VersionView,
  more: Readonly<Record<string, string>> = {},
): string {
  const names: readonly (keyof VersionView)[] = [
    "VCSTag",
    "VCSRef",
    "VCSCommit",
    "VCSState",
    "VCSDate",
    "Platform",
    "GoVer",
    "GoCompiler",
  ];
  const width = Math.max(...names.map((name) => name.length)) + 1;
  const rows = [
    ...names.map((name) => [name, view[name]]),
    ...Object.entries(more),
  ];
  return rows.map(([name, value]) => `${`${name}:`.padEnd(width)} ${value}\n`)
    .join("");
}
