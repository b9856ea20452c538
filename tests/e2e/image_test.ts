/** The container images: built, pushed, pulled by another tool, unpacked and run. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type Architecture,
  fetchPackages,
  ownArchitecture,
} from "../../scripts/scratch_root.ts";
import { buildImages } from "../../scripts/image.ts";
import { peer, type PeerName, peerTest } from "../support/peers.ts";
import { mustRun, run } from "../support/process.ts";
import { type RealRegistry, startRegistry } from "../support/registries.ts";
import { isCompiled, sandboxed, TOOLS } from "../support/sandbox.ts";
import { tempDir } from "../support/temp.ts";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const OWN = ownArchitecture();
const BOTH: readonly Architecture[] = ["amd64", "arm64"];

const built = new Map<string, Promise<string>>();

/** The layout with the images for some processors, built once. */
function images(architectures: readonly Architecture[]): Promise<string> {
  const key = architectures.join();
  const known = built.get(key);
  if (known) return known;
  const making = (async () => {
    const dir = await tempDir();
    globalThis.addEventListener(
      "unload",
      () => Deno.removeSync(dir.path, { recursive: true }),
    );
    await buildImages(dir.path, { architectures });
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
  },
  fn: (folder: string, registry: RealRegistry) => Promise<void>,
): void {
  const { architectures, needs = [] } = options;
  if (!architectures.map(isCompiled).every(Boolean)) return;
  peerTest(name, ["distribution", "skopeo", "bwrap", ...needs], async () => {
    await using dir = await tempDir();
    await using registry = await startRegistry("distribution");
    await Deno.symlink(await images(architectures), `${dir.path}/image`);
    for (const tool of TOOLS) {
      await mustRun(`${DIST}regctl`, [
        "image",
        "copy",
        "--host",
        `reg=${registry.host},tls=disabled`,
        `ocidir://image:${tool}`,
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
