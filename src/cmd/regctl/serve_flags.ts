/**
 * The flags of `regctl serve`.
 *
 * @module
 */
import type { FlagValues } from "../../cli/flags.ts";
import { DEFAULT_MAX_CONNECTIONS } from "../../serve/listener.ts";

/** Its own flags. */
export const SERVE_FLAGS = {
  addr: {
    kind: "text",
    value: "HOST:PORT",
    default: "127.0.0.1:5000",
    summary: "Where to listen; port 0 takes a free one",
  },
  "anonymous-pull": {
    kind: "switch",
    summary: "Let everybody pull where --htpasswd is set",
  },
  gc: {
    kind: "switch",
    summary: "First remove what no manifest in a repository refers to",
  },
  "gc-grace": {
    kind: "duration",
    value: "DURATION",
    default: 3_600_000,
    summary: "How old it must be to be removed",
  },
  htpasswd: {
    kind: "text",
    value: "FILE",
    summary: "Ask for users and passwords of this file (bcrypt)",
    completes: "file",
  },
  "max-blob": {
    kind: "text",
    value: "SIZE",
    summary: "The largest blob to accept, such as 10GiB",
  },
  "max-connections": {
    kind: "integer",
    value: "NUMBER",
    default: DEFAULT_MAX_CONNECTIONS,
    summary:
      "The most connections at a time; idle ones make room for others (with Deno 2.8.3 and newer)",
  },
  "max-manifest": {
    kind: "text",
    value: "SIZE",
    default: "8MiB",
    summary: "The largest manifest to accept",
  },
  memory: {
    kind: "switch",
    summary: "Keep everything in memory instead of a directory",
  },
  "read-only": { kind: "switch", summary: "Accept no changes" },
  sparse: {
    kind: "switch",
    summary: "Accept manifests whose content is not all there",
  },
  "stop-timeout": {
    kind: "duration",
    value: "DURATION",
    default: 30_000,
    summary: "How long to wait for requests under way when stopping",
  },
  "tls-cert": {
    kind: "text",
    value: "FILE",
    summary: "Serve https with this certificate (PEM)",
    completes: "file",
  },
  "tls-key": {
    kind: "text",
    value: "FILE",
    summary: "The key of the certificate (PEM)",
    completes: "file",
  },
} as const;

/** The values of the flags. */
export type ServeFlags = FlagValues<typeof SERVE_FLAGS>;
