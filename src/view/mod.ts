/**
 * What templates and scripts see of our values, under the names Go has.
 *
 * @module
 */
export { blobPutView, blobView, fileView } from "./blob.ts";
export type { BlobSource } from "./blob_common.ts";
export { type ConfigSource, configView, hostView } from "./config.ts";
export { descriptorView } from "./descriptor.ts";
export { digestView } from "./digest.ts";
export { imageView } from "./image.ts";
export { asksForImage, withImage } from "./index_image.ts";
export {
  manifestResult,
  manifestView,
  type ManifestViewOptions,
} from "./manifest.ts";
export { type ManifestSource } from "./manifest_host.ts";
export { PLATFORM, platformOf } from "./platform.ts";
export { rateLimitView, rateLimitViewOf } from "./rate_limit.ts";
export { REF, referenceOf, referenceView } from "./reference.ts";
export { type ReferrerListSource, referrerListView } from "./referrers.ts";
export {
  type RepositoryListSource,
  repositoryListView,
} from "./repositories.ts";
export { type ScriptData, scriptData } from "./script_data.ts";
export { type TagListSource, tagListView } from "./tags.ts";
export { type TreeNode, treeView } from "./tree.ts";
export { type VersionFacts, versionValue } from "./version.ts";
export { VIEW_TYPES } from "./view_types.ts";
