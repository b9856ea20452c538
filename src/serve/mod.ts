/**
 * The embedded registry: the distribution API over a storage.
 *
 * @module
 */
export type { Handler, Peer } from "./app.ts";
export {
  type Authenticate,
  authenticator,
  type AuthOptions,
  type Verdict,
} from "./auth.ts";
export type { Limits } from "./context.ts";
export {
  type CollectOptions,
  FolderStorage,
  openFolder,
  type OpenFolderOptions,
} from "./folder_storage.ts";
export { openHtpasswd, type Passwords } from "./htpasswd.ts";
export { MemoryStorage } from "./memory_storage.ts";
export {
  createRegistry,
  DEFAULT_LIMITS,
  type RegistryOptions,
} from "./registry.ts";
export {
  type RegistryServer,
  serve,
  type ServeOptions,
  startServer,
} from "./serve.ts";
export type { ListenOptions, ServerTls } from "./listener.ts";
export type { ByteRange } from "./ranges.ts";
export type { Spool } from "./spool.ts";
export type { NewManifest, Repository, Storage } from "./storage.ts";
