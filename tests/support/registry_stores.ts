/** Stores of the embedded registry for tests of the registry store. */
import {
  Client,
  type ClientOptions,
  type RegistryRepository,
} from "../../src/registry/open.ts";
import { parseReference } from "../../src/registry/reference.ts";
import type { Body, Descriptor } from "../../src/registry/core.ts";
import { digestOf } from "../../src/registry/digest.ts";
import { fromBytes, skipped } from "../../src/base/streams.ts";
import type { Graph, Made } from "./images.ts";
import {
  startRegistry,
  type StartRegistryOptions,
  type TestRegistry,
} from "./registry.ts";

/** A registry, and a client that reaches it. */
export interface Setting extends AsyncDisposable {
  readonly registry: TestRegistry;
  readonly client: Client;
  /** Opens a repository of the registry. */
  open(repository?: string): RegistryRepository;
}

/** Starts a registry and makes a client whose waits are short. */
export function setUp(
  options: StartRegistryOptions = {},
  clientOptions: ClientOptions = {},
): Setting {
  const registry = startRegistry(options);
  const { address: host } = registry;
  const client = new Client({
    firstWaitMs: 1,
    ...clientOptions,
    hosts: [
      { name: host, tls: "disabled" },
      ...clientOptions.hosts?.map((one) => ({
        ...one,
        name: one.name === "" ? host : one.name,
      })) ?? [],
    ],
  });
  return {
    registry,
    client,
    open: (repository = "acme/app") =>
      client.openRegistry(parseReference(`${host}/${repository}`)),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

/** A blob of some bytes, and its body. */
export function blobOf(
  bytes: Uint8Array,
  mediaType = "application/vnd.oci.image.layer.v1.tar",
): { readonly node: Descriptor; readonly body: Body } {
  return {
    node: { mediaType, digest: digestOf(bytes), size: bytes.length },
    body: (o = {}) => Promise.resolve(skipped(fromBytes(bytes), o.offset ?? 0)),
  };
}

/** The manifest at the top of a graph, with its bytes. */
export function topOf({ manifests }: Graph): Made {
  const top = manifests.at(-1);
  if (top === undefined) throw new Error("the graph has no manifest");
  return top;
}

/** Pushes all of a graph into a store. */
export async function putGraph(
  store: RegistryRepository,
  graph: Graph,
  tag?: string,
): Promise<void> {
  for (const { bytes, descriptor } of graph.blobs) {
    await store.push(descriptor, blobOf(bytes).body);
  }
  for (const { bytes, descriptor } of graph.manifests) {
    const isTop = descriptor.digest === graph.root.digest;
    await store.putManifest(descriptor, bytes, isTop ? { tag } : {});
  }
}
