/** Requests, answers and transports for tests of layers. */
import type { RegistryRequest, Transport } from "../../src/registry/core.ts";
import { type HostConfig, HostTable } from "../../src/registry/http/hosts.ts";
import { withUrl } from "../../src/registry/http/responses.ts";

/** A request for a manifest, changed as given. */
export function request(
  changes: Partial<RegistryRequest> = {},
): RegistryRequest {
  return {
    kind: "manifest",
    registry: "registry.example",
    repository: "acme/app",
    method: "GET",
    path: "manifests/v1",
    ...changes,
  };
}

/** An answer as it comes from a URL. */
export function answer(
  body: BodyInit | null = "",
  init: ResponseInit & { readonly url?: string } = {},
): Response {
  return withUrl(
    new Response(body, init),
    init.url ?? "https://registry.example/v2/acme/app/manifests/v1",
  );
}

/** A transport that gives the answers in order, and keeps the requests. */
export function answers(
  ...list: readonly (Response | Error | ((r: RegistryRequest) => Response))[]
): { readonly next: Transport; readonly asked: RegistryRequest[] } {
  const asked: RegistryRequest[] = [];
  return {
    asked,
    next: (request) => {
      const item = list[Math.min(asked.length, list.length - 1)];
      asked.push(request);
      if (item instanceof Error) return Promise.reject(item);
      if (item === undefined) return Promise.reject(new Error("no answer"));
      return Promise.resolve(typeof item === "function" ? item(request) : item);
    },
  };
}

/** The settings of some hosts. */
export function hosts(...list: HostConfig[]): HostTable {
  return new HostTable(list);
}
