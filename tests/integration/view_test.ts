/** What templates print of our views, beside what they print of upstream's. */
import { deepStrictEqual } from "node:assert/strict";
import type { Descriptor } from "../../src/registry/core.ts";
import { parseReference } from "../../src/registry/reference.ts";
import {
  executeTemplate,
  TemplateError,
  type Value,
} from "../../src/template/mod.ts";
import {
  descriptorView,
  imageView,
  type ManifestSource,
  manifestView,
  referenceView,
  referrerListView,
  tagListView,
  treeView,
} from "../../src/view/mod.ts";
import {
  artifact,
  describeJson,
  type Graph,
  image,
  index,
  type Made,
  multiPlatform,
  writeLayout,
} from "../support/images.ts";
import { peer, peerTest } from "../support/peers.ts";
import { run } from "../support/process.ts";
import { tempDir } from "../support/temp.ts";

/** What a template printed, and the message it ended with. */
interface Printed {
  readonly out: string;
  readonly error: string;
}

function ours(template: string, view: Value): Printed {
  let out = "";
  const decoder = new TextDecoder();
  const write = (bytes: Uint8Array) => {
    out += decoder.decode(bytes, { stream: true });
  };
  try {
    executeTemplate(template, view, { write });
    return { out, error: "" };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { out, error: error.message };
  }
}

async function theirs(args: readonly string[]): Promise<Printed> {
  const { stdout, stderr } = await run(peer("regctl"), [...args]);
  return { out: stdout, error: stderr.trim() };
}

/** Pointers inside of values print as addresses, which differ each time. */
function withoutAddresses({ out, error }: Printed): Printed {
  return { out: out.replaceAll(/0xc?[0-9a-f]{8,}/g, "ADDRESS"), error };
}

async function compare(
  command: readonly string[],
  view: () => Value,
  templates: readonly string[],
): Promise<void> {
  for (const template of templates) {
    const wanted = await theirs([...command, "--format", template]);
    const got = ours(template, view());
    deepStrictEqual(
      { template, ...withoutAddresses(got) },
      { template, ...withoutAddresses(wanted) },
    );
  }
}

const root = ({ manifests }: Graph): Made => {
  const last = manifests.at(-1);
  if (last === undefined) throw new Error("No manifest");
  return last;
};

const source = (made: Made): ManifestSource => ({
  descriptor: made.descriptor,
  bytes: made.bytes,
});

const COMMON = [
  "{{printPretty .}}",
  "{{json .}}",
  "{{jsonPretty .}}",
  "{{.GetDigest}} {{.GetMediaType}} {{.IsList}} {{.IsSet}}",
  "{{.GetDescriptor.Digest}} {{.GetDescriptor.Size}} {{.GetDescriptor.MediaType}}",
  "{{.GetDigest.Hex}} {{.GetDigest.Algorithm}} {{.GetDigest.Validate}}",
  '{{printf "%s" .RawBody}}|{{.RawHeaders}}',
  "{{.GetRef.CommonName}} {{.GetRef.Scheme}} {{(.GetRef.SetTag `x`).CommonName}}",
  "{{.HasRateLimit}} {{json .GetRateLimit}}",
  "{{.MediaType}} {{.SchemaVersion}} {{.Versioned}}",
  "{{.Annotations}} {{.GetAnnotations}}",
  "{{json .GetOrig}}{{printf `%v` .GetOrig}}",
  "{{.Bogus}}",
  "{{.common}}",
  "{{.GetConfig}}",
  "{{.GetConfigDigest}}",
  "{{range .GetLayers}}{{println .}}{{end}}",
  "{{range .GetManifestList}}{{.}}{{end}}",
  "{{range .GetPlatformList}}{{println .}}{{end}}",
  "{{range .GetPlatformList}}{{println ($.GetPlatformDesc .).Digest}}{{end}}",
  "{{.GetPlatformDesc nil}}",
  "{{.GetSize}}",
  "{{.GetSubject}}",
  "{{json .Layers}}",
  "{{range .Layers}}{{.Digest}} {{.Size}} {{.Annotations}}{{println}}{{end}}",
  "{{json .Config}}{{.Config.Digest.Encoded}}",
  "{{range .Manifests}}{{println .Digest .Platform .Platform.OS}}{{end}}",
  "{{with .Subject}}{{.Digest}}{{else}}none{{end}}",
  "{{json .Subject}}{{.ArtifactType}}",
  "{{range .FSLayers}}{{println .BlobSum}}{{end}}{{len .History}}{{.Name}}{{.Tag}}",
  "{{(index .Layers 0).GetData}}",
  "{{(index .Layers 0).Same .Config}}",
];

/** One of each kind of manifest. */
async function manifests(): Promise<Readonly<Record<string, Graph>>> {
  const four = await multiPlatform(4);
  const alone = (made: Made): Graph => ({
    root: made.descriptor,
    manifests: [made],
    blobs: [],
  });
  const noted = { "org.example.a": "a & <b>", "org.example.é": "ü" };
  return {
    image: await image({ annotations: noted }),
    docker: await image({ family: "docker" }),
    index: index([four, await image({ seed: 3 })], { annotations: noted }),
    list: await multiPlatform(2, { family: "docker", seed: 2 }),
    artifact: artifact({ subject: four.root, annotations: noted }),
    data: alone(describeJson("application/vnd.oci.image.manifest.v1+json", {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {
        mediaType: "application/vnd.oci.empty.v1+json",
        digest:
          "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        size: 2,
        data: "e30=",
      },
      layers: [{
        mediaType: "application/vnd.example",
        digest:
          "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        size: 200000,
        urls: ["https://example.org/a?b&c", "https://example.org/d"],
        annotations: {},
        platform: {
          os: "windows",
          architecture: "amd64",
          "os.version": "10.0.1",
          "os.features": ["win32k", "x"],
        },
      }],
    })),
  };
}

peerTest(
  "manifestView() prints as upstream's manifests do",
  ["regctl"],
  async () => {
    await using dir = await tempDir();
    for (const [name, graph] of Object.entries(await manifests())) {
      const path = `${dir.path}/${name}`;
      await writeLayout(path, graph, "v1");
      const text = `ocidir://${path}:v1`;
      const reference = parseReference(text);
      await compare(
        ["manifest", "get", text],
        () => manifestView(source(root(graph)), { reference }),
        COMMON,
      );
      const { descriptor } = root(graph);
      await compare(
        ["manifest", "head", text],
        () => manifestView({ descriptor }, { reference }),
        [
          "{{.GetDigest}} {{.IsSet}}",
          "{{json .}}|",
          "{{.GetLayers}}",
          "{{.RawBody}}",
          "{{.Layers}}|{{.Manifests}}",
        ],
      );
    }
  },
);

const CONFIG = [
  "{{.}}",
  "{{json .}}",
  "{{jsonPretty .}}",
  "{{printPretty .}}",
  "{{json .Config}}",
  "{{.Config.Cmd}} {{.Config.Entrypoint}} {{.Config.User}}",
  "{{.Architecture}} {{.OS}} {{.Platform}} {{.Platform.OS}} {{.Image.OS}}",
  '{{join .Config.Env " "}}',
  '{{index .Config.Labels "org.example.seed"}}|{{.Config.Labels.nope}}',
  "{{range $k, $v := .Config.Labels}}{{$k}} = {{$v}}{{println}}{{end}}",
  '{{range $k, $v := .Config.Labels}}{{if eq $k "org.example.seed"}}{{$v}}{{end}}{{end}}',
  "{{.Created}} {{.Created.Year}} {{.Author}}",
  "{{range .History}}{{println .CreatedBy .Created .EmptyLayer}}{{end}}",
  "{{.RootFS.Type}} {{range .RootFS.DiffIDs}}{{println .}}{{end}}",
  "{{.GetDescriptor.Digest}} {{.Digest}} {{.Length}} {{.MediaType}}",
  '{{printf "%s" .RawBody}}|{{.RawHeaders}}',
  "{{.GetConfig.Author}} {{.GetConfig}}",
  "{{.Config.StopTimeout}} {{.Config.Healthcheck}} {{.Config.ExposedPorts}}",
  "{{.Config.Healthcheck.Test}}",
  "{{json .Image}}",
  "{{.Config}}",
];

peerTest(
  "imageView() prints as upstream's image configs do",
  ["regctl"],
  async () => {
    await using dir = await tempDir();
    const graph = await image({
      labels: { "org.example.seed": "1", b: "<c>" },
    });
    const path = `${dir.path}/image`;
    await writeLayout(path, graph, "v1");
    const [config] = graph.blobs;
    if (config === undefined) throw new Error("No config");
    const { descriptor, bytes } = config;
    await compare(
      ["image", "inspect", `ocidir://${path}:v1`],
      () => imageView({ descriptor, bytes }),
      CONFIG,
    );
  },
);

peerTest(
  "referenceView() prints as upstream's references do",
  ["regctl"],
  async () => {
    for (
      const text of [
        "nginx",
        "ghcr.io/acme/app:v1@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "ocidir://a/../b_c:v1",
      ]
    ) {
      await compare(["ref", text], () => referenceView(parseReference(text)), [
        "{{.}}",
        "{{json .}}",
        "{{.CommonName}} {{.IsSet}} {{.IsSetRepo}} {{.IsZero}}",
        "{{(.SetTag `x`).CommonName}} {{(.SetTag `x`).Reference}}",
        "{{(.SetDigest `sha256:abc`).CommonName}} {{(.AddDigest `sha256:abc`).CommonName}}",
        "{{.ToReg}} {{.ToReg.CommonName}}",
        "{{.Scheme}}|{{.Registry}}|{{.Repository}}|{{.Tag}}|{{.Digest}}|{{.Path}}",
        "{{printf `%+v` .}} {{eq . .}}",
        "{{.registry}}",
      ]);
    }
  },
);

peerTest("lists print as upstream's lists do", ["regctl"], async () => {
  await using dir = await tempDir();
  const four = await multiPlatform(2);
  const notes = [1, 2].map((at) =>
    artifact({
      subject: four.root,
      files: { a: String(at) },
      annotations: { at: String(at) },
    })
  );
  const path = `${dir.path}/layout`;
  await writeLayout(path, four, "v1");
  const target = `ocidir://${path}:v1`;
  for (const [at, note] of notes.entries()) {
    await writeLayout(`${path}-${at}`, note, "a");
    await run(peer("regctl"), [
      "image",
      "copy",
      `ocidir://${path}-${at}:a`,
      `ocidir://${path}:b${at}`,
    ]);
  }
  const page = { names: [], bytes: await Deno.readFile(`${path}/index.json`) };
  const listed = await theirs([
    "tag",
    "ls",
    `ocidir://${path}`,
    "--format",
    "{{json .Tags}}",
  ]);
  const tags: string[] = JSON.parse(listed.out);
  await compare(
    ["tag", "ls", `ocidir://${path}`],
    () => tagListView({ tags, page, reference: parseReference(target) }),
    [
      "{{printPretty .}}{{.Tags}}",
      "{{.Tags}} {{.GetTags}} {{.Name}}|{{.Children}}|{{.Manifests}}",
      "{{json .Tags}}{{len .Index.Manifests}}",
      "{{range .Index.Manifests}}{{println .Digest .Annotations}}{{end}}",
      "{{.GetURL}} {{.GetOrig}} {{.RawHeaders}}",
      "{{.Bogus}}",
    ],
  );
  const wanted = await theirs([
    "artifact",
    "list",
    target,
    "--format",
    "{{json .Descriptors}}",
  ]);
  const descriptors: Descriptor[] = JSON.parse(wanted.out);
  const subject = parseReference(
    (await theirs([
      "artifact",
      "list",
      target,
      "--format",
      "{{.Subject.Reference}}",
    ])).out,
  );
  await compare(
    ["artifact", "list", target],
    () => referrerListView({ subject, descriptors }),
    [
      "{{json .}}",
      "{{printPretty .}}",
      "{{.Subject.CommonName}} {{.IsEmpty}}",
      "{{range .Descriptors}}{{println .Digest .ArtifactType .Annotations}}{{end}}",
      "{{.Source.IsZero}} {{.Source}}",
    ],
  );
});

peerTest("treeView() prints as upstream's trees do", ["regctl"], async () => {
  await using dir = await tempDir();
  const four = await multiPlatform(2);
  const path = `${dir.path}/layout`;
  await writeLayout(path, four, "v1");
  const target = `ocidir://${path}:v1`;
  const reference = parseReference(target);
  const [first, second] = four.manifests;
  const top = root(four);
  if (first === undefined || second === undefined) throw new Error("No image");
  const child = (made: Made, at: number) => ({
    reference: {
      ...reference,
      reference: `ocidir://${path}@${made.descriptor.digest}`,
      tag: "",
      digest: made.descriptor.digest,
    },
    manifest: source(made),
    platform:
      JSON.parse(new TextDecoder().decode(top.bytes)).manifests[at].platform,
  });
  const view = () =>
    treeView({
      reference,
      manifest: source(top),
      children: [child(first, 0), child(second, 1)],
    });
  await compare(["artifact", "tree", target], view, [
    "{{printPretty .}}",
    "{{json .}}",
    "{{.Ref.CommonName}} {{len .Child}} {{.Referrer}} {{.Platform}}",
    "{{range .Child}}{{println .Platform .Manifest.GetDigest .Ref.CommonName}}{{end}}",
  ]);
});

peerTest("descriptorView() has the methods of upstream's descriptors", [
  "regctl",
], async () => {
  await using dir = await tempDir();
  const graph = await image();
  await writeLayout(`${dir.path}/l`, graph, "v1");
  await compare(
    ["manifest", "get", `ocidir://${dir.path}/l:v1`],
    () => manifestView(source(root(graph))),
    [
      "{{.Config.Equal .Config}} {{.Config.DigestAlgo}} {{.Config.Platform}}",
      "{{json .Config}}",
    ],
  );
  const { descriptor } = root(graph);
  deepStrictEqual(
    ours("{{.Digest}}", descriptorView(descriptor)).out,
    descriptor.digest,
  );
});
