/** The container images: built, pushed, pulled by another tool, unpacked and run. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type Architecture,
  fetchPackages,
  ownArchitecture,
} from "../../scripts/scratch_root.ts";
import { buildImages, type Variant } from "../../scripts/image.ts";
import { peer, type PeerName, peerTest } from "../support/peers.ts";
import { mustRun, run } from "../support/process.ts";
import { type RealRegistry, startRegistry } from "../support/registries.ts";
import { isCompiled, sandboxed, TOOLS } from "../support/sandbox.ts";
import { tempDir } from "../support/temp.ts";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const OWN = ownArchitecture();
const BOTH: readonly Architecture[] = ["amd64", "arm64"];

const built = new Map<string, Promise<string>>();

/** Debian alone, as its updates are not what is tried here. */
const MIRROR = "http://deb.debian.org/debian";

/** The layout with the images for some processors, built once. */
function images(
  architectures: readonly Architecture[],
  variant: Variant,
): Promise<string> {
  const key = `${architectures}${variant}`;
  const known = built.get(key);
  if (known) return known;
  const making = (async () => {
    const dir = await tempDir();
    globalThis.addEventListener(
      "unload",
      () => Deno.removeSync(dir.path, { recursive: true }),
    );
    await buildImages(dir.path, {
      architectures,
      variants: [variant],
      mirror: MIRROR,
    });
    return dir.path;
  })();
  built.set(key, making);
  return making;
}

/** A test of the images for some processors, pushed to a registry by our program. */
function imageTest(
  name: string,
  options: {
    readonly architectures: readonly Architecture[];
    readonly needs?: readonly PeerName[];
    readonly variant?: Variant;
  },
  fn: (folder: string, registry: RealRegistry) => Promise<void>,
): void {
  const { architectures, needs = [], variant = "" } = options;
  if (!architectures.map(isCompiled).every(Boolean)) return;
  peerTest(name, ["distribution", "skopeo", "bwrap", ...needs], async () => {
    await using dir = await tempDir();
    await using registry = await startRegistry("distribution");
    await Deno.symlink(
      await images(architectures, variant),
      `${dir.path}/image`,
    );
    for (const tool of TOOLS) {
      await mustRun(`${DIST}regctl`, [
        "image",
        "copy",
        "--host",
        `reg=${registry.host},tls=disabled`,
        `ocidir://image:${tool}${variant}`,
        `${registry.host}/${tool}:v1`,
      ], { cwd: dir.path, clearEnv: true });
    }
    await fn(dir.path, registry);
  });
}

/** Pulls an image with skopeo and unpacks its layers as a root. */
async function pull(
  folder: string,
  image: string,
  architecture: Architecture,
): Promise<{ readonly root: string; readonly config: ImageConfig }> {
  const pulled = `${folder}/pulled-${architecture}`;
  const policy = `${folder}/policy.json`;
  await Deno.writeTextFile(
    policy,
    `{"default":[{"type":"insecureAcceptAnything"}]}`,
  );
  await mustRun(peer("skopeo"), [
    "--policy",
    policy,
    "--override-arch",
    architecture,
    "copy",
    "--quiet",
    "--src-tls-verify=false",
    `docker://${image}`,
    `dir:${pulled}`,
  ]);
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(`${pulled}/${name}`));
  const hex = (digest: string) => digest.slice("sha256:".length);
  const manifest: {
    readonly config: { readonly digest: string };
    readonly layers: readonly { readonly digest: string }[];
  } = await read("manifest.json");
  const root = `${folder}/root-${architecture}`;
  await Deno.mkdir(`${root}/proc`, { recursive: true });
  for (const { digest } of manifest.layers) {
    await mustRun("tar", ["-xzf", `${pulled}/${hex(digest)}`, "-C", root]);
  }
  return { root, config: await read(hex(manifest.config.digest)) };
}

/** What the tests read of an image's configuration. */
interface ImageConfig {
  readonly architecture: string;
  readonly config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
  };
}

imageTest("the image runs as skopeo pulled it", {
  architectures: [OWN],
}, async (folder, registry) => {
  const { root, config } = await pull(
    folder,
    `${registry.host}/regsync:v1`,
    OWN,
  );
  strictEqual(config.architecture, OWN);
  deepStrictEqual(config.config.Entrypoint, ["/regsync"]);
  strictEqual(config.config.User, "1000:1000");
  ok(config.config.Env.includes("HOME=/home/appuser"));
  strictEqual((await Deno.stat(`${root}/home/appuser`)).uid, 1000);
  match(await Deno.readTextFile(`${root}/etc/passwd`), /^appuser:x:1000:/m);
  const [program, ...args] = sandboxed(root, [
    ...config.config.Entrypoint,
    "version",
  ], { uid: 1000 });
  const { code, stdout, stderr } = await run(program, args);
  strictEqual(code, 0, stderr);
  match(stdout, /^VCSTag: /);
});

imageTest("one index holds both processors, and arm64 runs under qemu", {
  architectures: BOTH,
  needs: ["qemu-aarch64"],
}, async (folder, registry) => {
  const { root, config } = await pull(
    folder,
    `${registry.host}/regctl:v1`,
    "arm64",
  );
  strictEqual(config.architecture, "arm64");
  const { code, stdout, stderr } = await run(peer("qemu-aarch64"), [
    "-L",
    root,
    `${root}/regkit`,
    "regctl",
    "version",
  ], { clearEnv: true });
  strictEqual(code, 0, stderr);
  match(stdout, /linux\/arm64/);
});

imageTest("the image unpacked over a root of musl and busybox runs there", {
  architectures: ["amd64"],
}, async (folder, registry) => {
  const { root } = await pull(folder, `${registry.host}/regctl:v1`, "amd64");
  await fetchPackages(["musl", "busybox-static"], root);
  const [program, ...args] = sandboxed(root, [
    "/bin/busybox",
    "sh",
    "-c",
    "/regctl version && /regctl --help | /bin/busybox head -n 1",
  ]);
  const { code, stdout, stderr } = await run(program, args);
  strictEqual(code, 0, stderr);
  match(stdout, /^VCSTag: [^]*registries/);
});

imageTest("the variant with a shell runs what a pipeline asks for", {
  architectures: [OWN],
  needs: ["mmdebstrap"],
  variant: "-shell",
}, async (folder, registry) => {
  const image = `${registry.host}/regctl:v1`;
  const { root, config } = await pull(folder, image, OWN);
  deepStrictEqual(config.config.Entrypoint, ["/regctl"]);
  for await (const { name } of Deno.readDir(`${root}/dev`)) {
    strictEqual((await Deno.lstat(`${root}/dev/${name}`)).isCharDevice, false);
  }
  const env = config.config.Env.flatMap((line) => {
    const [name = "", value = ""] = line.split("=");
    return ["--setenv", name, value];
  });
  const script = [
    "regctl version",
    "regsync version",
    "regbot version",
    "test -s /etc/ssl/certs/ca-certificates.crt",
    "id -un",
    "cd && pwd",
  ];
  const [program, ...args] = sandboxed(root, [
    "/bin/sh",
    "-c",
    script.join(" && "),
  ], { uid: 1000, extra: ["--dev", "/dev", ...env] });
  const { code, stdout, stderr } = await run(program, args);
  strictEqual(code, 0, stderr);
  match(stdout, /^VCSTag: [^]*appuser\n\/home\/appuser\n$/);
});
