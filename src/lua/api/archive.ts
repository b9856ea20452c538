/**
 * Images to archives and back.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { systemReason } from "../../base/system_reason.ts";
import { exportImages } from "../../registry/export_images.ts";
import { importImages } from "../../registry/import_images.ts";
import { commonName, tagOrDigest } from "../../registry/reference.ts";
import type { Call } from "./call.ts";
import type { Definition } from "./definition.ts";
import { throttled } from "./gate.ts";
import { failed } from "./lists.ts";
import { REF } from "./reference.ts";
import { mayDo, openFor } from "./session.ts";

const FILE = {
  name: "file",
  type: "string",
  text: "The archive's path, within the allowed directories.",
};

/** The functions for archives. */
export const ARCHIVE: readonly Definition[] = [
  {
    name: "image.exportTar",
    text: "Writes an image to an archive that `docker load` reads too.",
    parameters: [{ name: "ref", type: REF, text: "What to export." }, FILE],
    results: [],
    run: exportTar,
  },
  {
    name: "image.importTar",
    text:
      "Stores the image of an archive: an OCI layout or what `docker save` wrote.",
    parameters: [{ name: "ref", type: REF, text: "Where it goes." }, FILE],
    results: [],
    run: importTar,
  },
];

async function exportTar(call: Call) {
  const { session, signal } = call;
  const ref = call.reference(1);
  const file = call.text(2);
  using _slot = await throttled(call);
  session.log.debug("Export image", {
    script: session.name,
    image: commonName(ref),
    file,
    "dry-run": session.dryRun,
  });
  await mayDo(session, ref, "read");
  const path = await session.directories.check(file);
  if (session.dryRun) return [];
  const target = await openFile(path, file);
  try {
    await using from = await openFor(session, ref, "read");
    const archive = await exportImages([{ from, reference: ref }], { signal });
    await archive.pipeTo(target.writable, { signal });
  } catch (error) {
    await removeHalf(target, path);
    throw failed(
      `Failed to export image "${commonName(ref)}" to "${file}"`,
      error,
    );
  }
  return [];
}

async function openFile(path: string, shown: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, create: true, truncate: true });
  } catch (error) {
    throw new RegError(
      "file",
      `Failed to open "${shown}": open ${shown}: ${systemReason(error)}`,
      { cause: error },
    );
  }
}

/** Half an archive is of no use to anybody. */
async function removeHalf(file: Deno.FsFile, path: string): Promise<void> {
  try {
    file.close();
  } catch {
    // The stream has closed it.
  }
  await Deno.remove(path).catch(() => {});
}

async function importTar(call: Call) {
  const { session, signal } = call;
  const ref = call.reference(1);
  const file = call.text(2);
  using _slot = await throttled(call);
  session.log.debug("Import image", {
    script: session.name,
    image: commonName(ref),
    file,
    "dry-run": session.dryRun,
  });
  await mayDo(session, ref, "write");
  const path = await session.directories.check(file);
  try {
    await Deno.stat(path);
  } catch (error) {
    throw new RegError(
      "file",
      `Failed to read from "${file}": open ${file}: ${systemReason(error)}`,
      { cause: error },
    );
  }
  if (session.dryRun) return [];
  try {
    await using to = await openFor(session, ref, "write");
    await importImages(path, to, {
      signal,
      run: session.run,
      ...(ref.digest === ""
        ? { tag: tagOrDigest(ref) }
        : { digest: ref.digest }),
    });
  } catch (error) {
    throw failed(
      `Failed to import image "${commonName(ref)}" from "${file}"`,
      error,
    );
  }
  return [];
}
