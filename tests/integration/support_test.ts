/** The support for tests itself, seen by tools that are not ours. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  image,
  multiPlatform,
  pushBigImage,
  pushGraph,
  writeLayout,
} from "../support/images.ts";
import { peer, peerTest } from "../support/peers.ts";
import { mustRun } from "../support/process.ts";
import { startRegistry } from "../support/registries.ts";
import { tempDir } from "../support/temp.ts";

for (const kind of ["distribution", "docker-registry"] as const) {
  peerTest(`pushGraph() fills ${kind} with what skopeo reads`, [
    kind,
    "skopeo",
  ], async () => {
    await using registry = await startRegistry(kind);
    for (const family of ["oci", "docker"] as const) {
      const four = await multiPlatform(4, { family });
      await pushGraph(registry.url, `team/${family}`, four, ["v1"]);
      const raw = await mustRun(peer("skopeo"), [
        "inspect",
        "--raw",
        "--tls-verify=false",
        `docker://${registry.host}/team/${family}:v1`,
      ]);
      strictEqual(raw, new TextDecoder().decode(four.manifests.at(-1)?.bytes));
    }
  });

  peerTest(`requests() lists what ${kind} was asked`, [kind], async () => {
    await using registry = await startRegistry(kind);
    await (await fetch(`${registry.url}/v2/`)).body?.cancel();
    await (await fetch(`${registry.url}/v2/a/tags/list?n=1`)).body?.cancel();
    deepStrictEqual(await registry.requests(), [
      { method: "GET", path: "/v2/", status: 200 },
      { method: "GET", path: "/v2/a/tags/list?n=1", status: 404 },
    ]);
  });
}

peerTest("pushBigImage() makes an image that skopeo verifies", [
  "distribution",
  "skopeo",
], async () => {
  await using registry = await startRegistry("distribution");
  await using dir = await tempDir();
  await pushBigImage(registry.url, "big", 3, "v1");
  await mustRun(peer("skopeo"), [
    "--policy",
    await policy(dir.path),
    "copy",
    "--src-tls-verify=false",
    `docker://${registry.host}/big:v1`,
    `dir:${dir.path}/out`,
  ]);
});

peerTest(
  "writeLayout() makes a layout that skopeo reads",
  ["skopeo"],
  async () => {
    await using dir = await tempDir();
    const { manifests } = await image();
    await writeLayout(`${dir.path}/layout`, await image(), "v1");
    const raw = await mustRun(peer("skopeo"), [
      "inspect",
      "--raw",
      `oci:${dir.path}/layout:v1`,
    ]);
    strictEqual(raw, new TextDecoder().decode(manifests[0]?.bytes));
  },
);

/** skopeo wants a policy file, and Debian's may be missing. */
async function policy(dir: string): Promise<string> {
  const path = `${dir}/policy.json`;
  await Deno.writeTextFile(
    path,
    `{"default":[{"type":"insecureAcceptAnything"}]}`,
  );
  return path;
}
