/**
 * The files that the program needs beside itself: seven of glibc, and nothing
 * else. They make the root of the scratch image and of the tests in a sandbox.
 *
 * @module
 */
import { DIST, output } from "./bundle.ts";

/** A processor, as images call it. */
export type Architecture = "amd64" | "arm64";

/** What differs between processors. */
interface Target {
  /** The name in Debian's folders and in compile targets. */
  readonly machine: string;
  /** Where the kernel looks for the loader. */
  readonly loader: string;
  /** Debian's packages that hold the libraries for another processor. */
  readonly packages: readonly string[];
}

/** The processors that there are images for. */
export const ARCHITECTURES: Readonly<Record<Architecture, Target>> = {
  amd64: {
    machine: "x86_64",
    loader: "lib64/ld-linux-x86-64.so.2",
    packages: ["libc6-amd64-cross", "libgcc-s1-amd64-cross"],
  },
  arm64: {
    machine: "aarch64",
    loader: "lib/ld-linux-aarch64.so.1",
    packages: ["libc6-arm64-cross", "libgcc-s1-arm64-cross"],
  },
};

const LIBRARIES = [
  "libc.so.6",
  "libm.so.6",
  "libdl.so.2",
  "libpthread.so.0",
  "librt.so.1",
  "libgcc_s.so.1",
];

/** The processor of this machine. */
export function ownArchitecture(): Architecture {
  return Deno.build.arch === "aarch64" ? "arm64" : "amd64";
}

/** The path of the executable for a processor, which `deno task compile` makes. */
export function programOf(architecture: Architecture): string {
  return architecture === ownArchitecture()
    ? `${DIST}regkit`
    : `${DIST}regkit-${ARCHITECTURES[architecture].machine}-unknown-linux-gnu`;
}

/**
 * Writes the seven files below a folder.
 *
 * @returns Their paths, relative to it.
 */
export async function writeLibraries(
  root: string,
  architecture: Architecture,
): Promise<readonly string[]> {
  const { machine, loader } = ARCHITECTURES[architecture];
  const from = await libraryFolder(architecture);
  const folder = `lib/${machine}-linux-gnu`;
  const files = new Map([
    [loader, loader.replace(/^.*[/]/, "")],
    ...LIBRARIES.map((name) => [`${folder}/${name}`, name] as const),
  ]);
  for (const [path, name] of files) {
    await Deno.mkdir(`${root}/${path}`.replace(/[/][^/]*$/, ""), {
      recursive: true,
    });
    // By content: these names are links on some systems.
    await Deno.copyFile(`${from}/${name}`, `${root}/${path}`);
    await Deno.chmod(`${root}/${path}`, 0o755);
  }
  return [...files.keys()];
}

/** Where this system has the libraries; fetches Debian's where it has none. */
async function libraryFolder(architecture: Architecture): Promise<string> {
  const { machine, packages } = ARCHITECTURES[architecture];
  const own = `/lib/${machine}-linux-gnu`;
  if (architecture === ownArchitecture() && await exists(`${own}/libc.so.6`)) {
    return own;
  }
  const cross = `usr/${machine}-linux-gnu/lib`;
  if (await exists(`/${cross}/libc.so.6`)) return `/${cross}`;
  const work = `${DIST}.build/${architecture}`;
  if (!await exists(`${work}/${cross}/libc.so.6`)) {
    await fetchPackages(packages, work);
  }
  return `${work}/${cross}`;
}

/** Fetches Debian's packages and unpacks them below a folder, without installing. */
export async function fetchPackages(
  packages: readonly string[],
  root: string,
): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "regkit-" });
  try {
    // The sandbox of apt has a user of its own, who must be able to write here.
    await Deno.chmod(work, 0o777);
    await output("apt-get", ["download", "-qq", ...packages], work);
    await Deno.mkdir(root, { recursive: true });
    for await (const { name } of Deno.readDir(work)) {
      await output("dpkg-deb", ["-x", `${work}/${name}`, root]);
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
