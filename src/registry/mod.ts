/**
 * The public face of the registry client.
 *
 * @module
 */
export * from "./core.ts";
export {
  type ErrorCode,
  isAbort,
  isRegError,
  RegError,
} from "../base/errors.ts";
export {
  CopyError,
  type CopyEvent,
  copyGraph,
  type CopyGraphOptions,
  type CopyReferrersOptions,
  type CopyResult,
  type CopyStep,
  Run,
} from "./copy.ts";
export {
  createHasher,
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  digestOf,
  type Hasher,
  isDigest,
  parseDigest,
} from "./digest.ts";
export {
  copyRepository,
  type CopyRepositoryOptions,
} from "./copy_repository.ts";
export { copySubset, type CopySubsetOptions } from "./copy_subset.ts";
export * from "./image.ts";
export * from "./manifest.ts";
export * from "./media_types.ts";
export {
  formatPlatform,
  isCompatible,
  localPlatform,
  parsePlatform,
  type ParsePlatformOptions,
  platformsMatch,
  selectPlatform,
} from "./platform.ts";
export { type RateLimit, rateLimitOf } from "./rate_limit.ts";
export * from "./reference.ts";
export { DigestError, verified, verifyBytes } from "./verify.ts";
export {
  type LayoutOptions,
  type LayoutStore,
  openLayout,
} from "./store/layout.ts";
export type { FileRange } from "./store/layout/file_stream.ts";
export type { LayoutIndex, Row } from "./store/layout/rows.ts";
export { type LayoutReader, LayoutSource } from "./store/layout/source.ts";
export {
  Client,
  type ClientOptions,
  type OpenedStore,
  type RegistryRepository,
} from "./open.ts";
export {
  deleteTag,
  type DeleteTagOptions,
  type TagDeleter,
} from "./tag_delete.ts";
export {
  type HostConfig,
  hostFromName,
  type HostLookup,
  HostTable,
  type HostTableOptions,
  isDockerHub,
  mergeHosts,
  type Tls,
} from "./http/hosts.ts";
export {
  type ProxySettings,
  proxySettings,
  proxyVariables,
} from "./http/no_proxy.ts";
export {
  HttpError,
  type HttpErrorFields,
  redactUrl,
  type RegistryErrorEntry,
} from "./http/response_error.ts";
export type { JsonObject } from "./go_json.ts";
export {
  type MemoryCounts,
  type MemoryOptions,
  MemoryStore,
} from "./store/memory.ts";
export {
  LEVELS,
  Log,
  type LogAttributes,
  type LogRecord,
  type LogSink,
  type LogStruct,
  type LogValue,
  silent,
} from "../base/log.ts";
export {
  type ExportedImage,
  exportImages,
  type ExportOptions,
} from "./export_images.ts";
export {
  type ImportedImage,
  importImages,
  type ImportOptions,
} from "./import_images.ts";
export {
  type Compression,
  decompress,
  type Decompressed,
  type DecompressOptions,
} from "./layers/decompress.ts";
export {
  findInLayer,
  getImageFile,
  type LayerAnswer,
  type LayerFile,
} from "./layers/get_file.ts";
export { listLayer, type ListLayerOptions } from "./layers/list_layer.ts";
export { packDirectory, type PackOptions } from "./layers/pack.ts";
export { readLayer, type ReadLayerOptions } from "./layers/read_layer.ts";
export { unpackInto } from "./layers/unpack.ts";
export type { TarFormat, TarHeader } from "./tar/header.ts";
export type { ReadTarOptions, TarEntry } from "./tar/reader.ts";
export {
  type BaseDifference,
  checkBase,
  type CheckBaseOptions,
} from "./check_base.ts";
