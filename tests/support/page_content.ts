/** What is in the registries that the pages of the documentation speak of. */
import { artifact, type Graph } from "./images.ts";
import { alpine, app, attached } from "./page_images.ts";

/** What a registry holds: images and artifacts by repository. */
export type Content = readonly (readonly [
  repository: string,
  graph: Graph,
  tags: readonly string[],
])[];

/** What the registries of the pages hold, by their names. */
export const CONTENT: Readonly<Record<string, Content>> = await content();

async function content(): Promise<Record<string, Content>> {
  const [old, base] = [await alpine("3.20.0"), await alpine("3.21.0")];
  const [before, edge] = [await alpine("3.20.3"), await alpine("3.22.0")];
  const on = (graph: Graph, version: string) => ({
    "org.opencontainers.image.base.name": `docker.io/library/alpine:${version}`,
    "org.opencontainers.image.base.digest": graph.root.digest,
  });
  const v1 = await app("1.0.0", {
    base: "3.20.0",
    platforms: 4,
    annotations: on(old, "3.20"),
  });
  const [v11, v12] = [await app("1.1.0"), await app("1.2.0")];
  const single = await app("1.2.0", { platforms: 1 });
  const upstream = await app("0.11.7", {
    annotations: on(base, "3"),
    platforms: 4,
  });
  const chart = artifact({
    artifactType: "application/vnd.cncf.helm.config.v1+json",
    files: { "chart-0.0.1.tgz": "a chart\n" },
  });
  const { root } = upstream;
  const signature: Content[number] = [
    "regclient/regctl",
    artifact({ artifactType: "application/vnd.example.signature" }),
    [`${root.digest.replace(":", "-")}.sig`],
  ];
  return {
    "registry-1.docker.io": [
      ["library/alpine", old, []],
      ["library/alpine", before, ["3.20"]],
      ["library/alpine", base, ["3", "3.21", "latest"]],
      ["library/alpine", edge, ["edge", "3.22.0-rc1"]],
      ["library/alpine", await alpine("3.5.0"), ["3.5"]],
      ["library/busybox", before, ["1.36", "latest"]],
      ["library/nginx", v12, ["1.27", "latest"]],
    ],
    "ghcr.io": [
      ["regclient/regctl", upstream, ["edge", "latest", "alpine"]],
      ...referrers("regclient/regctl", upstream),
      signature,
      ["regclient/regsync", upstream, ["latest"]],
      ...referrers("regclient/regsync", upstream),
      ["acme/app", v1, ["v1.0.0"]],
      ["acme/app", v11, ["v1.1.0"]],
      ["acme/app", v12, ["v1.2.0", "latest"]],
    ],
    "registry.example.org": [
      ["team/app", v1, ["v1.0.0", "v1", "old"]],
      ["team/app", v11, ["v1.1.0"]],
      ["team/app", v12, ["v1.2.0", "latest"]],
      ...referrers("team/app", v12),
      ["repo", v1, ["v1", "v42"]],
      ["repo", v12, ["v2"]],
      ["repo", single, ["arm64"]],
      ...referrers("repo", v1),
      ["helm-charts/chart", chart, ["0.0.1"]],
    ],
    "old.example.org": [
      ["team/app", v11, ["v1.1.0"]],
      ["team/app", v12, ["v1.2.0"]],
      ["team/tool", single, ["latest"]],
    ],
    "backup.example.org": [],
    "hub-mirror.example.org": [["library/alpine", base, ["3", "latest"]]],
  };
}

function referrers(repository: string, graph: Graph): Content {
  // Children are the images of the platforms; each has an SBOM, as builders do it.
  const roots = [
    graph,
    ...graph.manifests.slice(0, -1).map(({ descriptor }) => ({
      ...graph,
      root: descriptor,
    })),
  ];
  return roots.flatMap(attached).map((one) => [repository, one, []] as const);
}
