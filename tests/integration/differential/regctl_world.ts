/** What the command lines of regctl find: images of every kind, on a registry and in a layout. */
import type { Descriptor } from "../../../src/registry/core.ts";
import type { World } from "../../support/differential.ts";
import {
  artifact,
  describe,
  type Graph,
  image,
  index,
  multiPlatform,
  pushBlob,
  pushGraph,
  writeLayout,
} from "../../support/images.ts";
import { peer } from "../../support/peers.ts";
import { mustRun } from "../../support/process.ts";
import { startRegistry } from "../../support/registries.ts";
import { tempDir } from "../../support/temp.ts";

/** An index of referrers under the tag that registries without the API use. */
function referrersTag(artifacts: readonly Graph[]): Graph {
  return index(artifacts.map((one) => ({ ...one, blobs: [] })));
}

function withType(graph: Graph, artifactType: string): Graph {
  return { ...graph, root: { ...graph.root, artifactType } };
}

/** The name of the fallback tag. */
function fallback({ digest }: Descriptor): string {
  return digest.replace(":", "-");
}

/** Starts a registry, fills it, and keeps a copy of all that cases begin with. */
export async function regctlWorld(): Promise<World & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir());
  const registry = stack.use(await startRegistry("distribution"));
  const { url, host } = registry;

  const app = await multiPlatform(2, { layers: 2 });
  const next = await multiPlatform(2, { layers: 2, seed: 7 });
  const single = await image({
    seed: 3,
    annotations: { "org.example": "one" },
  });
  const docker = await multiPlatform(4, {
    family: "docker",
    seed: 5,
    layers: 1,
  });
  const dockerSingle = await image({ family: "docker", seed: 9 });
  const local = await image({ seed: 11, layers: 1 });
  const sbom = withType(
    artifact({
      subject: single.root,
      annotations: {
        "org.opencontainers.image.created": "2026-01-01T00:00:00Z",
      },
    }),
    "application/vnd.example.sbom",
  );
  const signature = withType(
    artifact({
      subject: single.root,
      artifactType: "application/vnd.example.signature",
      files: { "a.sig": "signed", "b.sig": "signed twice" },
      annotations: {
        "org.opencontainers.image.created": "2026-02-01T00:00:00Z",
        "org.example.by": "somebody",
      },
    }),
    "application/vnd.example.signature",
  );
  const plain = artifact({ files: { "notes.txt": "plain text\n" } });
  const nested = index([app, docker]);
  const loose = describe(
    "application/octet-stream",
    new TextEncoder().encode("a loose blob\n"),
  );

  await pushGraph(url, "team/app", app, ["v1", "v1.0", "latest"]);
  await pushGraph(url, "team/app", next, ["v2", "v2.1", "edge"]);
  await pushGraph(url, "team/one", single, ["v1", "same"]);
  await pushGraph(url, "team/one", sbom);
  await pushGraph(url, "team/one", signature);
  await pushGraph(url, "team/one", referrersTag([sbom, signature]), [
    fallback(single.root),
  ]);
  await pushGraph(url, "team/one", dockerSingle, [
    `${fallback(single.root)}.sig`,
  ]);
  await pushGraph(url, "team/docker", docker, ["v1"]);
  await pushGraph(url, "team/docker", dockerSingle, ["single"]);
  await pushGraph(url, "team/nested", nested, ["v1"]);
  await pushGraph(url, "team/art", plain, ["v1"]);
  await pushBlob(`${url}/v2/team/one`, loose);
  for (let at = 0; at < 12; at++) {
    const small = await image({ seed: 20 + at % 3, layers: 1, layerSize: 64 });
    const tags = [`r${String(at).padStart(2, "0")}`];
    await pushGraph(url, "many", small, tags);
  }

  const folder = `${dir.path}/folder`;
  await Deno.mkdir(`${folder}/home/.regctl`, { recursive: true });
  await Deno.mkdir(`${folder}/files/sub`, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/home/.regctl/config.json`,
    JSON.stringify({ hosts: { [host]: { tls: "disabled" } } }),
  );
  await Deno.writeTextFile(`${folder}/files/a.txt`, "alpha\n");
  await Deno.writeTextFile(`${folder}/files/sub/b.txt`, "beta\n");
  await writeLayout(`${folder}/layout`, local, "v1");
  const inFolder = { cwd: folder, env: { HOME: `${folder}/home` } };
  const upstream = (...args: string[]) =>
    mustRun(peer("regctl"), args, inFolder);
  await upstream("image", "copy", `${host}/team/app:v1`, "ocidir://layout:app");
  await upstream("image", "export", `${host}/team/one:v1`, "one.tar");
  await upstream("image", "export", `${host}/team/app:v1`, "app.tar");

  const storage = `${dir.path}/storage`;
  await mustRun("cp", ["-a", registry.storage, storage]);
  const child = (graph: Graph, at: number) => graph.manifests[at]?.descriptor;
  const layerOf = (graph: Graph, at = 1) => graph.blobs[at]?.descriptor.digest;
  const kept = stack.move();
  return {
    registry,
    storage,
    folder,
    seen: {},
    names: {
      REG: host,
      ONE: `${single.root.digest}`,
      ONE_CONFIG: `${single.blobs[0]?.descriptor.digest}`,
      ONE_LAYER: `${layerOf(single)}`,
      ONE_LAYER2: `${layerOf(single, 2)}`,
      OTHER_CONFIG: `${dockerSingle.blobs[0]?.descriptor.digest}`,
      OTHER_LAYER: `${layerOf(dockerSingle)}`,
      APP: `${app.root.digest}`,
      APP_AMD64: `${child(app, 0)?.digest}`,
      APP_ARM64: `${child(app, 1)?.digest}`,
      SBOM: `${sbom.root.digest}`,
      SIGNATURE: `${signature.root.digest}`,
      LOOSE: `${loose.descriptor.digest}`,
      MISSING: `sha256:${"0".repeat(64)}`,
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
