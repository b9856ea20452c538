/**
 * The distribution API: which request goes to which handler.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints}.
 *
 * @module
 */
import { type Context as HonoContext, Hono } from "hono";
import { messageOf } from "../base/errors.ts";
import { ApiError } from "./api_error.ts";
import {
  beginUpload,
  cancelUpload,
  finishUpload,
  patchUpload,
  uploadStatus,
} from "./blob_uploads.ts";
import { deleteBlob, getBlob } from "./blobs.ts";
import type { Context } from "./context.ts";
import { listReferrers, listRepositories, listTags } from "./lists.ts";
import { deleteManifest, getManifest, putManifest } from "./manifests.ts";
import { checkName } from "./names.ts";
import { drain } from "./receive.ts";
import { routePath } from "./route_path.ts";
import type { Repository } from "./storage.ts";

/** Who sent a request. */
export interface Peer {
  /** The address, with the port. */
  readonly remote: string;
  /** Fulfilled when the answer is sent, or cannot be. */
  readonly completed: Promise<void>;
}

/** What answers requests. */
export type Handler = (request: Request, peer?: Peer) => Promise<Response>;

/** The last segment of an endpoint, checked by its handler. */
type Endpoint = (
  repository: Repository,
  last: string,
  request: Request,
) => Promise<Response>;

type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
type Methods = Readonly<Partial<Record<Method, Endpoint>>>;

/** The endpoints below a repository's name. GET answers HEAD as well. */
function endpoints(context: Context): Readonly<Record<string, Methods>> {
  return {
    "/manifests/:last": {
      GET: getManifest,
      PUT: (repository, last, request) =>
        putManifest(context, repository, last, request),
      DELETE: deleteManifest,
    },
    "/blobs/uploads/": {
      POST: (repository, _, request) =>
        beginUpload(context, repository, request),
    },
    "/blobs/uploads/:last": {
      GET: (repository, last) => uploadStatus(context, repository, last),
      PATCH: (repository, last, request) =>
        patchUpload(context, repository, last, request),
      PUT: (repository, last, request) =>
        finishUpload(context, repository, last, request),
      DELETE: (repository, last) => cancelUpload(context, repository, last),
    },
    "/blobs/:last": { GET: getBlob, DELETE: deleteBlob },
    "/tags/list": {
      GET: (repository, _, request) => listTags(context, repository, request),
    },
    "/referrers/:last": {
      GET: (repository, last, request) =>
        listReferrers(context, repository, last, request),
    },
  };
}

/** Makes what answers the requests to a registry. */
export function createApp(context: Context): Handler {
  const app = new Hono({
    strict: true,
    getPath: (request) => routePath(new URL(request.url).pathname),
  });
  for (const path of ["/v2", "/v2/"]) {
    app.get(path, ping).all(path, refuse("GET"));
  }
  app.get("/v2/_catalog", (c) => listRepositories(context, c.req.raw));
  app.all("/v2/_catalog", refuse("GET"));
  for (const [path, methods] of Object.entries(endpoints(context))) {
    mount(app, context, `/v2/:name${path}`, methods);
  }
  app.notFound(() => {
    throw new ApiError("UNSUPPORTED", "There is no such endpoint", {
      status: 404,
    });
  });
  app.onError((error) => answerError(context, error));
  return async (request) => {
    const { body } = request;
    const response = await app.fetch(request);
    if (response.status >= 400) await drain(body);
    return response;
  };
}

function mount(
  app: Hono,
  context: Context,
  path: string,
  methods: Methods,
): void {
  for (const [method, endpoint] of Object.entries(methods)) {
    app.on(method, path, (c) => {
      const name = checkName(c.req.param("name") ?? "");
      if (context.readOnly && method !== "GET") throw readOnly();
      const last = c.req.param("last") ?? "";
      return endpoint(context.storage.repository(name), last, c.req.raw);
    });
  }
  app.all(path, refuse(...Object.keys(methods)));
}

function ping(): Response {
  const bytes = new TextEncoder().encode("{}");
  return new Response(bytes, {
    headers: {
      // Deno compresses what it may, and drops the length with it.
      "cache-control": "no-cache, no-transform",
      "content-type": "application/json",
      "content-length": String(bytes.length),
      // Older Docker clients take no other answer for a registry's.
      "docker-distribution-api-version": "registry/2.0",
    },
  });
}

function refuse(...methods: readonly string[]): (c: HonoContext) => never {
  return (c) => {
    throw new ApiError("UNSUPPORTED", `${c.req.method} is not supported here`, {
      headers: {
        allow: methods.flatMap((method) =>
          method === "GET" ? ["GET", "HEAD"] : [method]
        ).join(", "),
      },
    });
  };
}

function readOnly(): ApiError {
  return new ApiError("UNSUPPORTED", "The registry is read-only");
}

function answerError({ log }: Context, error: unknown): Response {
  if (error instanceof ApiError) return error.toResponse();
  log.error("Request failed", { err: messageOf(error) });
  return new ApiError("UNKNOWN", "The registry failed").toResponse();
}
