/**
 * What the parts of a registry store share: one repository on one registry.
 *
 * @module
 */
import type { Log } from "../../base/log.ts";
import type { RegistryRequest } from "../core.ts";
import type { HostConfig } from "../http/hosts.ts";
import type { Stack } from "../http/mod.ts";
import { during } from "../http/response_error.ts";
import type { RegistryFacts } from "./registry_facts.ts";

/** A request within the repository. */
export type RepositoryRequest = Omit<
  RegistryRequest,
  "registry" | "repository"
>;

/** One repository on one registry. */
export interface RegistryContext {
  /** The transport, shared by all repositories. */
  readonly stack: Stack;
  /** The settings of the registry. */
  readonly host: HostConfig;
  /** The repository's name. */
  readonly repository: string;
  /** How messages name it. */
  readonly name: string;
  /** Takes what explains a behaviour afterwards. */
  readonly log: Log;
  /** What has been learnt about registries. */
  readonly facts: RegistryFacts;
  /** Upper bound for the chunks of an upload, in bytes. */
  readonly blobLimit: number;
  /** How often in a row an upload may fail without a byte in between. */
  readonly retries: number;
  /** From which size on a blob may be transferred untouched, in bytes. */
  readonly untouchedFrom: number;
  /** The first wait after a failure, in milliseconds. */
  readonly firstWaitMs: number;
}

/**
 * Sends a request within the repository.
 *
 * @param action What is being done, for the error: `Cannot …`.
 */
export async function ask(
  context: RegistryContext,
  action: string,
  request: RepositoryRequest,
): Promise<Response> {
  try {
    return await context.stack.transport({
      ...request,
      action,
      registry: context.host.name,
      repository: context.repository,
    });
  } catch (error) {
    throw during(action, error);
  }
}
