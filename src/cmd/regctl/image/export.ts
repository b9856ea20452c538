/**
 * `regctl image export`.
 *
 * @module
 */
import { UsageError } from "../../../cli/usage_error.ts";
import { write } from "../../../cli/format.ts";
import { READS, WRITES } from "../../../cli/permissions.ts";
import { exportImages } from "../../../registry/export_images.ts";
import { parsePlatform } from "../../../registry/platform.ts";
import { parseReference } from "../../../registry/reference.ts";
import { defineCommand } from "../define.ts";
import { fileOf, writeFile } from "../file_output.ts";
import { PLATFORM } from "../flags.ts";
import { openSession } from "../session.ts";

/** Writes images to an archive. */
export const exportCommand = defineCommand({
  name: "export",
  summary: "export image",
  description:
    "Export an image, or several, to one tar archive, which docker, podman and skopeo\n" +
    "load, and which is an OCI layout, too. It goes to the standard output, to the file\n" +
    "after a single image, or to --file, after which all arguments are images.",
  examples: [
    {
      about: "export an image",
      line: "regctl image export registry.example.org/repo:v1 > image-v1.tar",
    },
    {
      about: "export two images and what refers to them",
      line:
        "regctl image export --referrers --file images.tar registry.example.org/repo:v1 registry.example.org/repo:v2",
    },
  ],
  needs: ({ args: [, files], flags }) =>
    flags["file"] === undefined && files?.length === 0 ? READS : WRITES,
  args: ["ref", "[file...]"],
  completes: ["reference", "file"],
  flags: {
    compress: { kind: "switch", summary: "Compress output with gzip" },
    file: {
      kind: "text",
      value: "FILE",
      completes: "file",
      summary: "Where to write; every argument is an image then",
    },
    name: {
      kind: "text",
      value: "REF",
      summary: "Name of image to embed for docker load",
    },
    ...PLATFORM,
    referrers: { kind: "switch", summary: "Include referrers" },
  },
  async run(io, call) {
    const { args: [first, rest], flags, signal } = call;
    if (flags.file === undefined && rest.length > 1) {
      throw new UsageError(
        `accepts between 1 and 2 arg(s), received ${rest.length + 1}`,
        "add --file FILE to export several images",
      );
    }
    const texts = flags.file === undefined ? [first] : [first, ...rest];
    const path = fileOf(flags.file ?? rest[0]);
    if (flags.name !== undefined && texts.length > 1) {
      throw new UsageError("--name is for a single image");
    }
    const name = flags.name ? parseReference(flags.name) : undefined;
    await using session = openSession(io, call);
    const images = [];
    for (const reference of texts.map((text) => parseReference(text))) {
      images.push({ from: await session.open(reference), reference, name });
    }
    const archive = await exportImages(images, {
      platform: flags.platform ? parsePlatform(flags.platform) : undefined,
      referrers: flags.referrers,
      signal,
    });
    const bytes = flags.compress ? archive.pipeThrough(gzip()) : archive;
    if (path === undefined) await write(io, bytes);
    else await writeFile(path, bytes, { signal });
  },
});

/** The platform's gzip, in the types of our streams. */
function gzip(): ReadableWritablePair<Uint8Array, Uint8Array> {
  const { readable, writable } = new CompressionStream("gzip");
  const writer = writable.getWriter();
  return {
    readable,
    writable: new WritableStream({
      write: (chunk) => writer.write(new Uint8Array(chunk)),
      close: () => writer.close(),
      abort: (reason) => writer.abort(reason),
    }),
  };
}
