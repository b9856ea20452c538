/**
 * Prints a file of an image without pulling the image:
 * `deno run -N -R -E examples/read_file.ts alpine etc/os-release`.
 */
import {
  type Client,
  getImageFile,
  parseManifest,
  parseReference,
  type Platform,
  resolveImage,
} from "@regkit/regkit";

/** The bytes of a file, as the topmost layer that has it says. */
export async function readFile(
  client: Client,
  image: string,
  path: string,
  options: { readonly platform?: Platform } = {},
): Promise<Uint8Array> {
  const reference = parseReference(image);
  await using store = await client.open(reference);
  const name = reference.digest || reference.tag;
  const { bytes, descriptor } = await resolveImage(store, name, options);
  const manifest = parseManifest(bytes, descriptor.mediaType);
  if (manifest.kind !== "image") throw new Error(`${image} is no image`);
  const { body } = await getImageFile(store, manifest.layers, path);
  return await new Response(new Blob(await Array.fromAsync(body, own))).bytes();
}

function own(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(chunk);
}

if (import.meta.main) {
  const { Client } = await import("@regkit/regkit");
  const [image = "", path = ""] = Deno.args;
  await using client = new Client();
  await Deno.stdout.write(await readFile(client, image, path));
}
