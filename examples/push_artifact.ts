/**
 * Attaches a file to an image, as an artifact with a subject:
 * `deno run -N -R -W -E examples/push_artifact.ts IMAGE FILE ARTIFACT_TYPE`.
 */
import {
  type Client,
  describeManifest,
  type Descriptor,
  digestOf,
  MEDIA_TYPES,
  parseReference,
  type Store,
} from "@regkit/regkit";

/** What to attach. */
export interface Attachment {
  /** What it is, such as `application/vnd.example.sbom`. */
  readonly artifactType: string;
  /** The name of the file. */
  readonly title: string;
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Pushes the artifact next to the image that it is about. */
export async function pushArtifact(
  client: Client,
  image: string,
  { artifactType, title, bytes }: Attachment,
): Promise<Descriptor> {
  const reference = parseReference(image);
  await using store = await client.open(reference);
  const subject = await store.resolve(reference.digest || reference.tag);
  const config = await pushBlob(
    store,
    MEDIA_TYPES.ociEmpty,
    new TextEncoder().encode("{}"),
  );
  const layer = await pushBlob(store, artifactType, bytes);
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    artifactType,
    config,
    layers: [{
      ...layer,
      annotations: { "org.opencontainers.image.title": title },
    }],
    subject: {
      mediaType: subject.mediaType,
      digest: subject.digest,
      size: subject.size,
    },
  });
  const manifest = describeManifest(new TextEncoder().encode(text));
  await store.putManifest(manifest.descriptor, manifest.bytes);
  return manifest.descriptor;
}

async function pushBlob(
  store: Store,
  mediaType: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Descriptor> {
  const node = { mediaType, digest: digestOf(bytes), size: bytes.length };
  // A function: an upload that breaks opens the bytes again.
  await store.push(node, () => Promise.resolve(new Blob([bytes]).stream()));
  return node;
}

if (import.meta.main) {
  const { Client } = await import("@regkit/regkit");
  const [image = "", file = "", artifactType = ""] = Deno.args;
  await using client = new Client();
  const bytes = await Deno.readFile(file);
  const attachment = { artifactType, title: file, bytes };
  console.log((await pushArtifact(client, image, attachment)).digest);
}
