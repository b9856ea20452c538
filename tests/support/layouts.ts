/** OCI layout directories for tests: what is in them, file by file. */

/** What is in a layout directory. */
export interface LayoutContent {
  /** The text of `index.json`; empty where there is none. */
  readonly index: string;
  /** Its rows. */
  readonly rows: readonly unknown[];
  /** The digests that the files below `blobs/` stand for, sorted. */
  readonly blobs: readonly string[];
  /** The names of all other files, sorted. */
  readonly others: readonly string[];
}

/** Reads a layout directory with plain file operations. */
export async function readLayout(path: string): Promise<LayoutContent> {
  const files = (await Array.fromAsync(walk(path, ""))).sort();
  const index = await Deno.readTextFile(`${path}/index.json`).catch(() => "");
  return {
    index,
    rows: index === "" ? [] : JSON.parse(index).manifests,
    blobs: files.filter((file) => file.startsWith("blobs/"))
      .map((file) => file.slice("blobs/".length).replace("/", ":")),
    others: files.filter((file) => !file.startsWith("blobs/")),
  };
}

async function* walk(root: string, below: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${root}/${below}`)) {
    const name = below + entry.name;
    if (entry.isDirectory) yield* walk(root, `${name}/`);
    else yield name;
  }
}
