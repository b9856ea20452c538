/**
 * Images from an archive into a repository.
 *
 * @module
 */
import { RegError } from "../base/errors.ts";
import type { CallOptions, Descriptor, Store } from "./core.ts";
import { copyGraph } from "./copy.ts";
import type { CopyEvent } from "./copy_options.ts";
import { commonName, isTag, parseReference } from "./reference.ts";
import { Run } from "./run.ts";
import { openTar, type TarStore } from "./store/tar.ts";

/** Options for {@linkcode importImages}. */
export interface ImportOptions extends CallOptions {
  /** Takes the image of this name in the archive. */
  readonly name?: string | undefined;
  /** The tag at the target; also finds the image where there are several. */
  readonly tag?: string | undefined;
  /** The digest asked for at the target; also finds the image. */
  readonly digest?: string | undefined;
  /** Takes every image of the archive, each under its own tag. @default {false} */
  readonly all?: boolean | undefined;
  /** Where a packed archive is unpacked to. @default {the system's} */
  readonly temporary?: string | undefined;
  /** What this process already knows. */
  readonly run?: Run | undefined;
  /** Called as each node moves; must not throw. */
  readonly onEvent?: ((event: CopyEvent) => void) | undefined;
}

/** An image that was imported. */
export interface ImportedImage {
  /** Its manifest. */
  readonly root: Descriptor;
  /** Its tag at the target; empty where it has only a digest. */
  readonly tag: string;
}

/**
 * Imports one image of an archive, or all, with the referrers that are in it.
 *
 * @param archive The path of a file, or a stream; packed in any way that we can
 * unpack.
 * @throws {RegError} `not_found` where the archive has no such image, `mismatch`
 * where its only one has another digest; nothing is changed then.
 */
export async function importImages(
  archive: string | ReadableStream<Uint8Array>,
  to: Store,
  options: ImportOptions = {},
): Promise<readonly ImportedImage[]> {
  const { run = new Run(), signal, onEvent, all = false } = options;
  const { name, temporary } = options;
  const seen: string[] = [];
  let isFirst = true;
  const only = (names: readonly string[]) => {
    const isWanted = name === undefined ? isFirst : hasName(names, name);
    isFirst = false;
    seen.push(...names);
    return all || isWanted;
  };
  await using from = await openTar(archive, { signal, temporary, only });
  const images = await imagesOf(from);
  const chosen = all ? distinct(images) : [choose(images, seen, options)];
  const imported: ImportedImage[] = [];
  for (const image of chosen) {
    const tag = all ? tagOf(image.names[0] ?? "") : options.tag ?? "";
    const { root } = await copyGraph(image.node.digest, {
      from,
      to,
      run,
      signal,
      onEvent,
      ...(tag === "" ? {} : { tag }),
      referrers: {},
    });
    imported.push({ root, tag });
  }
  return imported;
}

interface ArchivedImage {
  /** The name in the layout, then the one for containerd. */
  readonly names: readonly string[];
  readonly node: Descriptor;
}

/** The images of an archive, without the lists of referrers. */
async function imagesOf(from: TarStore): Promise<readonly ArchivedImage[]> {
  const rows = await from.entries();
  return rows
    .filter(({ name }) => !/^sha(256|384|512)-[0-9a-f]{64}$/.test(name))
    .map(({ name, descriptor: node }) => ({
      names: [name, node.annotations?.["io.containerd.image.name"] ?? ""]
        .filter((text) => text !== ""),
      node,
    }));
}

/** The images, unless two of them would take one tag from each other. */
function distinct(
  images: readonly ArchivedImage[],
): readonly ArchivedImage[] {
  const byTag = new Map<string, ArchivedImage>();
  for (const image of images) {
    const [name = ""] = image.names;
    const tag = tagOf(name);
    const other = byTag.get(tag);
    if (tag !== "" && other && other.node.digest !== image.node.digest) {
      throw new RegError(
        "invalid",
        `Cannot import all images: two of them have the tag "${tag}": choose one by name`,
      );
    }
    byTag.set(tag, image);
  }
  return images;
}

/** The image that was asked for; one alone is taken whatever its name. */
function choose(
  images: readonly ArchivedImage[],
  seen: readonly string[],
  options: ImportOptions,
): ArchivedImage {
  const { name, digest = "", tag = "" } = options;
  const [first] = images;
  const isAlone = images.every(({ node }) =>
    node.digest === first?.node.digest
  );
  if (first && isAlone) {
    if (digest === "" || digest === first.node.digest) return first;
    throw new RegError(
      "mismatch",
      `manifest digest mismatch, expected ${digest}, computed ${first.node.digest}`,
    );
  }
  const wanted = name ?? (tag || "latest");
  const found = images.find(({ node }) => node.digest === digest) ??
    images.find(({ names }) => names.includes(wanted)) ??
    images.find(({ names }) => hasName(names, wanted)) ??
    images.find(({ names: [own = ""] }) => tagOf(own) === wanted);
  if (found) return found;
  const names = new Set([...seen, ...images.flatMap((image) => image.names)]);
  throw new RegError(
    "not_found",
    `could not find requested tag in index.json, ${wanted}: the archive has ${
      names.size === 0 ? "no named image" : [...names].join(", ")
    }`,
  );
}

/** Tells whether one of the names is the wanted one, short forms completed. */
function hasName(names: readonly string[], wanted: string): boolean {
  return names.some((name) => name === wanted || full(name) === full(wanted));
}

function full(name: string): string {
  try {
    return commonName(parseReference(name));
  } catch {
    return name;
  }
}

/** The tag of a name: what follows its last colon. */
function tagOf(name: string): string {
  const tag = name.slice(name.lastIndexOf(":") + 1);
  return isTag(tag) ? tag : "";
}
