/**
 * `regctl image import`.
 *
 * @module
 */
import { WRITES } from "../../../cli/permissions.ts";
import { isStandardInput } from "../../../cli/standard_path.ts";
import { importImages } from "../../../registry/import_images.ts";
import { parseReference } from "../../../registry/reference.ts";
import { targetTag } from "../../../registry/target.ts";
import { watchCopy } from "../copy_progress.ts";
import { defineCommand } from "../define.ts";
import { DRY_RUN } from "../flags.ts";
import { openSession } from "../session.ts";

/** Reads images from an archive. */
export const importCommand = defineCommand({
  name: "import",
  summary: "import image",
  description:
    "Import an image from a tar archive that regctl, docker, podman, buildah or skopeo\n" +
    "wrote, packed or not. A dash, or no file, is the standard input.",
  examples: [
    {
      about: "import an image saved from docker",
      line: "regctl image import registry.example.org/repo:v1 image-v1.tar",
    },
    {
      about: "import every image of an archive, each under its own tag",
      line: "regctl image import --all registry.example.org/repo images.tar",
    },
  ],
  needs: WRITES,
  args: ["ref", "[file]"],
  completes: ["reference", "file"],
  flags: {
    all: {
      kind: "switch",
      summary: "Import every image, each under its own tag",
    },
    name: {
      kind: "text",
      value: "NAME",
      summary: "Name of image or tag to import when several are in the archive",
    },
    ...DRY_RUN,
  },
  async run(io, call) {
    const { args: [text, path = "-"], flags, signal } = call;
    const reference = parseReference(text);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    await using progress = watchCopy(io, call);
    const isInput = path === "-" || isStandardInput(path);
    await importImages(isInput ? io.stdin.stream() : path, store, {
      all: flags.all,
      name: flags.name,
      tag: targetTag(reference),
      digest: reference.digest || undefined,
      onEvent: progress.onEvent,
      signal,
    });
  },
});
