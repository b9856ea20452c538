/**
 * Whether two layers are the same one.
 *
 * @module
 */
import type { Descriptor } from "./core.ts";
import { MEDIA_TYPES as M } from "./media_types.ts";

const DOCKER_TO_OCI: ReadonlyMap<string, string> = new Map<string, string>([
  [M.dockerLayer, M.ociLayer],
  [M.dockerLayerGzip, M.ociLayerGzip],
  [M.dockerLayerZstd, M.ociLayerZstd],
  [M.dockerForeignGzip, M.ociForeignGzip],
]);

/** Tells whether two layers are the same bytes of the same type, of either family. */
export function isSameLayer(a: Descriptor, b: Descriptor): boolean {
  const type = ({ mediaType }: Descriptor) =>
    DOCKER_TO_OCI.get(mediaType) ?? mediaType;
  return a.digest === b.digest && a.size === b.size && type(a) === type(b);
}
