/**
 * What a registry says of an upload: where it is, and how much of it is there.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import type { CallOptions, Descriptor } from "../core.ts";
import { algorithmOf } from "../digest.ts";
import { HttpError } from "../http/response_error.ts";
import { discard } from "../http/responses.ts";
import { ask, type RegistryContext } from "./registry_context.ts";

/** Options for requests of an upload. */
export interface SessionOptions extends CallOptions {
  /** The slots of all requests are held already. */
  readonly held?: boolean | undefined;
}

/** Starts an upload: the address to send the bytes to. */
export async function startUpload(
  context: RegistryContext,
  node: Descriptor,
  options: SessionOptions,
): Promise<string> {
  const { signal, held } = options;
  const algorithm = algorithmOf(node.digest);
  const query = algorithm === "sha256" ? "" : `?digest-algorithm=${algorithm}`;
  const action = cannotPush(context, node);
  const response = await ask(context, action, {
    kind: "upload",
    method: "POST",
    path: `blobs/uploads/${query}`,
    held,
    signal,
  });
  await discard(response);
  return uploadLocation(context, response, action);
}

/** The address in an answer to a POST; remembers what it says about chunks. */
export function uploadLocation(
  context: RegistryContext,
  response: Response,
  action: string,
): string {
  const minimum = response.headers.get("oci-chunk-min-length");
  if (minimum !== null) {
    context.facts.learnChunkMinimum(context.host.name, Number(minimum));
  }
  const location = nextLocation(response);
  if (location === undefined) {
    throw new RegError("invalid", `${action}: location header missing`);
  }
  return location;
}

/** Gives an upload up, where the registry lets one. */
export async function cancelUpload(
  context: RegistryContext,
  location: string,
  options: SessionOptions = {},
): Promise<void> {
  const { held } = options;
  try {
    await remove(location).catch(async (error: unknown) => {
      // What arrived since the address was given: the registry knows the next one.
      if (!(error instanceof HttpError && error.status === 416)) throw error;
      const action = "Cannot cancel upload";
      const answer = await askStatus(context, location, { action, held });
      await remove(nextLocation(answer) ?? location);
    });
  } catch (error) {
    context.log.debug("Failed to cancel upload", { err: messageOf(error) });
  }

  // Without the caller's signal: an abort should end the session too.
  async function remove(path: string): Promise<void> {
    await discard(
      await ask(context, "Cannot cancel upload", {
        kind: "upload",
        method: "DELETE",
        path,
        harmless: true,
        held,
      }),
    );
  }
}

/** Asks how much of an upload is there. */
export async function askStatus(
  context: RegistryContext,
  location: string,
  options: SessionOptions & {
    /** What it is asked for, for errors: `Cannot …`. */
    readonly action: string;
  },
): Promise<Response> {
  const { action, held, signal } = options;
  const response = await ask(context, action, {
    kind: "upload",
    method: "GET",
    path: location,
    held,
    signal,
  });
  await discard(response);
  return response;
}

/** Says what failed, for messages. */
export function cannotPush(context: RegistryContext, node: Descriptor): string {
  return `Cannot push blob ${node.digest} to ${JSON.stringify(context.name)}`;
}

/** The address in an answer, where the upload goes on. */
export function nextLocation(answer: Response | HttpError): string | undefined {
  if (answer instanceof HttpError) return answer.location;
  const location = answer.headers.get("location");
  return location !== null && URL.canParse(location, answer.url)
    ? new URL(location, answer.url).href
    : undefined;
}

/** `Range: 0-99` says that 100 bytes are there; `0-0` none, as most send it. */
export function nextOffset(answer: Response | HttpError): number | undefined {
  const [, last] =
    /^(?:bytes[= ])?0-(\d+)$/.exec(answer.headers.get("range") ?? "") ?? [];
  if (last === undefined) return undefined;
  return Number(last) === 0 ? 0 : Number(last) + 1;
}
