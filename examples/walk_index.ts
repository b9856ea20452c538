/**
 * Shows what an image is made of, all platforms of it:
 * `deno run -N -R -E examples/walk_index.ts IMAGE`.
 */
import {
  childrenOf,
  type Client,
  formatPlatform,
  isManifestType,
  parseManifest,
  parseReference,
  type Source,
} from "@regkit/regkit";

/** One line for each manifest and blob, indented by how deep it is. */
export async function* walkIndex(
  client: Client,
  image: string,
): AsyncGenerator<string> {
  const reference = parseReference(image);
  await using store = await client.open(reference);
  yield* walk(store, reference.digest || reference.tag, "");
}

async function* walk(
  store: Source,
  name: string,
  indent: string,
): AsyncGenerator<string> {
  const { bytes, descriptor } = await store.manifest(name);
  yield `${indent}${descriptor.digest} ${descriptor.mediaType}`;
  for (const child of childrenOf(parseManifest(bytes, descriptor.mediaType))) {
    const platform = child.platform ? formatPlatform(child.platform) : "";
    if (platform) yield `${indent}  ${platform}`;
    if (isManifestType(child.mediaType)) {
      yield* walk(store, child.digest, `${indent}  `);
    } else {
      yield `${indent}  ${child.digest} ${child.size} bytes`;
    }
  }
}

if (import.meta.main) {
  const { Client } = await import("@regkit/regkit");
  await using client = new Client();
  for await (const line of walkIndex(client, Deno.args[0] ?? "")) {
    console.log(line);
  }
}
