/**
 * Builds the container images into an OCI layout, with this project's own code:
 *
 *     deno run -A scripts/image.ts DIRECTORY [--arch=amd64,arm64] [--shell] [--mirror=URL]
 *
 * One index a tool, tagged by its name; with `--shell` also `NAME-shell`, on a
 * Debian root that mmdebstrap makes, from Debian's servers or from a mirror, such
 * as one of a certain day. `deno task compile` comes first. The same inputs and
 * the same SOURCE_DATE_EPOCH give the same bytes.
 *
 * @module
 */
import {
  type Descriptor,
  digestOf,
  type LayoutStore,
  MEDIA_TYPES,
  openLayout,
} from "../src/mod.ts";
import { fromBytes } from "../src/base/streams.ts";
import { TYPE } from "../src/registry/tar/header.ts";
import { type NewEntry, writeTar } from "../src/registry/tar/writer.ts";
import { TOOLS as ENTRIES } from "../src/main.ts";
import { VERSION } from "../src/base/version.ts";
import { output } from "./bundle.ts";
import {
  type Architecture,
  ARCHITECTURES,
  programOf,
  writeLibraries,
} from "./scratch_root.ts";

/** The user that the program runs as, and his home. */
const USER = { id: 1000, name: "appuser", home: "/home/appuser" };
const CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";

/** The end of the tags of a variant: on nothing, or on Debian with a shell. */
export type Variant = "" | "-shell";

/** Options for {@linkcode buildImages}. */
export interface ImageOptions {
  /** For which processors. @default {["amd64", "arm64"]} */
  readonly architectures?: readonly Architecture[];
  /** On what. @default {[""]} */
  readonly variants?: readonly Variant[];
  /** Where Debian's packages come from. @default {Debian's servers, with security updates} */
  readonly mirror?: string | undefined;
  /** The time of everything, in seconds since 1970. @default {0} */
  readonly epoch?: number;
}

/** A layer, its bytes packed, and the digest of them unpacked. */
interface ImageLayer {
  readonly descriptor: Descriptor;
  readonly diffId: string;
  readonly about: string;
}

/** Builds the images of all tools into a layout directory. */
export async function buildImages(
  path: string,
  options: ImageOptions = {},
): Promise<void> {
  const {
    architectures = ["amd64", "arm64"],
    variants = [""],
    mirror,
    epoch = 0,
  } = options;
  const created = new Date(epoch * 1000);
  await using layout = await openLayout(path, { created, collect: false });
  const builder = new Builder(layout, created);
  for (const variant of variants) {
    const bases = new Map<Architecture, readonly ImageLayer[]>();
    for (const architecture of architectures) {
      const roots = variant === ""
        ? [
          await builder.add(libraryEntries(architecture, epoch), "glibc"),
          await builder.add(userEntries(epoch), "the user"),
        ]
        : [
          await builder.addTar(
            await debian({ architecture, epoch, mirror }),
            "Debian",
          ),
        ];
      const program = programEntries(architecture, epoch);
      bases.set(architecture, [
        ...roots,
        await builder.add(program, "the program"),
      ]);
    }
    for (const tool of Object.keys(ENTRIES)) {
      await builder.tag(`${tool}${variant}`, tool, bases);
    }
  }
}

/** Writes layers, configurations and manifests into a layout. */
class Builder {
  readonly #layout: LayoutStore;
  readonly #created: Date;

  constructor(layout: LayoutStore, created: Date) {
    this.#layout = layout;
    this.#created = created;
  }

  /** Adds a layer of entries. */
  async add(
    entries: AsyncIterable<NewEntry>,
    about: string,
  ): Promise<ImageLayer> {
    const chunks = await Array.fromAsync(writeTar(entries));
    const tar = await new Blob(chunks.map((chunk) => chunk.slice())).bytes();
    return await this.addTar(tar, about);
  }

  /** Adds a layer of an archive. */
  async addTar(
    tar: Uint8Array<ArrayBuffer>,
    about: string,
  ): Promise<ImageLayer> {
    const zipped = new Blob([tar]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(zipped).arrayBuffer());
    const descriptor = await this.#blob(MEDIA_TYPES.ociLayerGzip, bytes);
    return { descriptor, diffId: digestOf(tar), about };
  }

  /** Tags an index of one image a processor. */
  async tag(
    tag: string,
    tool: string,
    images: ReadonlyMap<Architecture, readonly ImageLayer[]>,
  ): Promise<void> {
    const manifests: Descriptor[] = [];
    for (const [architecture, layers] of images) {
      const platform = { os: "linux", architecture };
      const node = await this.#image(tool, architecture, layers);
      manifests.push({ ...node, platform });
    }
    await this.#manifest({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociIndex,
      manifests,
      annotations: this.#labels(tool),
    }, tag);
  }

  async #image(
    tool: string,
    architecture: Architecture,
    layers: readonly ImageLayer[],
  ): Promise<Descriptor> {
    const created = this.#created.toISOString();
    const config = await this.#blob(
      MEDIA_TYPES.ociConfig,
      encode({
        created,
        os: "linux",
        architecture,
        config: {
          User: `${USER.id}:${USER.id}`,
          Env: [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/",
            `HOME=${USER.home}`,
          ],
          Entrypoint: [`/${tool}`],
          WorkingDir: USER.home,
          Labels: this.#labels(tool),
        },
        rootfs: { type: "layers", diff_ids: layers.map((one) => one.diffId) },
        history: layers.map(({ about }) => ({ created, created_by: about })),
      }),
    );
    return await this.#manifest({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociManifest,
      config,
      layers: layers.map(({ descriptor }) => descriptor),
      annotations: this.#labels(tool),
    });
  }

  #labels(tool: string): Readonly<Record<string, string>> {
    const { summary = "" } = ENTRIES[tool] ?? {};
    const key = (name: string) => `org.opencontainers.image.${name}`;
    return {
      [key("created")]: this.#created.toISOString(),
      [key("description")]: summary,
      [key("licenses")]: "Apache-2.0",
      [key("title")]: tool,
      [key("version")]: `v${VERSION}`,
    };
  }

  async #blob(
    mediaType: string,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Descriptor> {
    const node = { mediaType, digest: digestOf(bytes), size: bytes.length };
    await this.#layout.push(node, () => Promise.resolve(fromBytes(bytes)));
    return node;
  }

  /** Without a tag it is a part of another manifest. */
  async #manifest(
    value: { readonly mediaType: string } & Readonly<Record<string, unknown>>,
    tag?: string,
  ): Promise<Descriptor> {
    const bytes = encode(value);
    const { mediaType } = value;
    const node = { mediaType, digest: digestOf(bytes), size: bytes.length };
    await this.#layout.putManifest(node, bytes, { tag, child: !tag });
    return node;
  }
}

function encode(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Makes the entries of files below `/`, each folder before what is in it. */
class Entries {
  readonly #mtime: bigint;
  readonly #folders = new Set<string>();

  constructor(epoch: number) {
    this.#mtime = BigInt(epoch) * 1_000_000_000n;
  }

  *folder(name: string, mode = 0o755, owner = 0): Generator<NewEntry> {
    const parent = name.replace(/[/]?[^/]*$/, "");
    if (parent !== "") yield* this.folder(parent);
    if (this.#folders.has(name)) return;
    this.#folders.add(name);
    yield this.#entry({
      name: `${name}/`,
      type: TYPE.directory,
      mode,
      uid: owner,
      gid: owner,
    });
  }

  *file(name: string, body: Uint8Array, mode = 0o644): Generator<NewEntry> {
    const parent = name.replace(/[/]?[^/]*$/, "");
    if (parent !== "") yield* this.folder(parent);
    const entry = this.#entry({
      name,
      type: TYPE.file,
      mode,
      size: body.length,
    });
    yield { ...entry, body: [body] };
  }

  link(name: string, linkname: string): NewEntry {
    return this.#entry({ name, type: TYPE.symlink, mode: 0o777, linkname });
  }

  #entry(header: NewEntry["header"]): NewEntry {
    return { header: { mtime: this.#mtime, format: "ustar", ...header } };
  }
}

async function* libraryEntries(
  architecture: Architecture,
  epoch: number,
): AsyncGenerator<NewEntry> {
  const entries = new Entries(epoch);
  const work = await Deno.makeTempDir({ prefix: "regkit-" });
  try {
    for (const path of (await writeLibraries(work, architecture)).toSorted()) {
      yield* entries.file(path, await Deno.readFile(`${work}/${path}`), 0o755);
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function* userEntries(epoch: number): AsyncGenerator<NewEntry> {
  const { id, name, home } = USER;
  const entries = new Entries(epoch);
  const text = (lines: string) => new TextEncoder().encode(lines);
  yield* entries.file(
    "etc/passwd",
    text(
      `root:x:0:0:root:/root:/sbin/nologin\n${name}:x:${id}:${id}::${home}:/sbin/nologin\n`,
    ),
  );
  yield* entries.file("etc/group", text(`root:x:0:\n${name}:x:${id}:\n`));
  const certificates = await Deno.readFile(`/${CERTIFICATES}`)
    .catch(() => undefined); // the program has Mozilla's roots inside
  if (certificates) yield* entries.file(CERTIFICATES, certificates);
  yield* entries.folder(home.slice(1), 0o755, id);
  yield* entries.folder("tmp", 0o1777);
}

async function* programEntries(
  architecture: Architecture,
  epoch: number,
): AsyncGenerator<NewEntry> {
  const entries = new Entries(epoch);
  // Where engines mount theirs, also in a root that they cannot write to.
  for (const name of ["dev", "proc", "sys"]) yield* entries.folder(name);
  yield* entries.file(
    "regkit",
    await Deno.readFile(programOf(architecture)),
    0o755,
  );
  for (const tool of Object.keys(ENTRIES)) yield entries.link(tool, "regkit");
}

/** What the Debian root leaves out; licences stay. */
const DPKG = [
  "path-exclude=/usr/share/doc/*",
  "path-exclude=/usr/share/info/*",
  "path-exclude=/usr/share/locale/*",
  "path-exclude=/usr/share/man/*",
  "path-include=/usr/share/doc/*/copyright",
];

interface DebianOptions {
  readonly architecture: Architecture;
  readonly epoch: number;
  readonly mirror: string | undefined;
}

/** A minimal Debian as an archive. */
async function debian(
  { architecture, epoch, mirror }: DebianOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { id, name } = USER;
  const work = await Deno.makeTempDir({ prefix: "regkit-" });
  try {
    await output("env", [
      `SOURCE_DATE_EPOCH=${epoch}`,
      "mmdebstrap",
      "--quiet",
      "--variant=minbase",
      `--architectures=${architecture}`,
      "--include=ca-certificates,libgcc-s1",
      ...DPKG.map((option) => `--dpkgopt=${option}`),
      `--customize-hook=chroot "$1" useradd --uid ${id} --create-home --key HOME_MODE=0755 --shell /bin/sh ${name}`,
      // Engines mount their own; unpacking devices needs rights that few have.
      "--skip=output/dev",
      "stable",
      `${work}/root.tar`,
      ...mirror ? [mirror] : [],
    ]);
    return await Deno.readFile(`${work}/root.tar`);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

function isArchitecture(text: string): text is Architecture {
  return Object.hasOwn(ARCHITECTURES, text);
}

if (import.meta.main) {
  const [path = "dist/image"] = Deno.args.filter((arg) =>
    !arg.startsWith("--")
  );
  const valueOf = (flag: string) =>
    Deno.args.find((arg) => arg.startsWith(`--${flag}=`))
      ?.slice(`--${flag}=`.length);
  const architectures = valueOf("arch")?.split(",").filter(isArchitecture);
  await buildImages(path, {
    ...(architectures ? { architectures } : {}),
    variants: Deno.args.includes("--shell") ? ["", "-shell"] : [""],
    mirror: valueOf("mirror"),
    epoch: Number(Deno.env.get("SOURCE_DATE_EPOCH") ?? "0"),
  });
  console.log(`ocidir://${path}`);
}
