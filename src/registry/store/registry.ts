/**
 * A repository on a registry, by the distribution specification.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md}.
 *
 * @module
 */
import { isRegError, RegError } from "../../base/errors.ts";
import { counted } from "../../base/streams.ts";
import type {
  Abilities,
  Body,
  CallOptions,
  Descriptor,
  ListOptions,
  ManifestBytes,
  OpenOptions,
  Page,
  PushOptions,
  Resolved,
  Store,
} from "../core.ts";
import { isDigest } from "../digest.ts";
import { discard } from "../http/responses.ts";
import { isManifestType } from "../media_types.ts";
import { DigestError, sized, verified } from "../verify.ts";
import { listTags } from "./registry_list.ts";
import { getManifest, headManifest, putManifest } from "./registry_manifest.ts";
import { ask, type RegistryContext } from "./registry_context.ts";
import { mountBlob } from "./registry_mount.ts";
import { upload } from "./registry_upload.ts";

/** A repository on a registry. */
export class RegistryStore implements Store, Pick<Abilities, "mount" | "tags"> {
  readonly #context: RegistryContext;
  /** Uploads that refused mounts have begun, by digest. */
  readonly #begun = new Map<string, string>();

  /**
   * Makes the store; sends nothing.
   *
   * @param context The repository and the transport to it.
   */
  constructor(context: RegistryContext) {
    this.#context = context;
  }

  /** How messages name it, such as `ghcr.io/acme/app`. */
  get name(): string {
    return this.#context.name;
  }

  /** The registry's name. */
  get host(): string {
    return this.#context.host.name;
  }

  /** The repository's name on the registry. */
  get repository(): string {
    return this.#context.repository;
  }

  /** How many blob bodies the registry should move at once. */
  get bodies(): number {
    return this.#context.host.reqConcurrent || 4;
  }

  /** Turns a tag or a digest into a descriptor, by HEAD where that is enough. */
  async resolve(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<Resolved> {
    return await headManifest(this.#context, tagOrDigest, options) ??
      await this.#describe(tagOrDigest, options);
  }

  async #describe(
    tagOrDigest: string,
    options: CallOptions,
  ): Promise<Resolved> {
    const { descriptor, headers } = await this.manifest(tagOrDigest, options);
    return headers ? { ...descriptor, headers } : descriptor;
  }

  /** Reads a manifest in one request, and verifies it. */
  async manifest(
    tagOrDigest: string,
    options: CallOptions = {},
  ): Promise<ManifestBytes> {
    return await getManifest(this.#context, tagOrDigest, options);
  }

  /** Streams a blob; a broken connection is resumed where it broke. */
  async open(
    node: Descriptor,
    options: OpenOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { offset = 0, verify = true, signal } = options;
    const action = `Cannot get blob ${node.digest} from ${
      JSON.stringify(this.name)
    }`;
    const response = await ask(this.#context, action, {
      kind: "blob",
      method: "GET",
      path: `blobs/${node.digest}`,
      ...(offset > 0 ? { headers: { range: `bytes=${offset}-` } } : {}),
      ...(node.size >= 0 ? { size: node.size - offset } : {}),
      signal,
    });
    const body = response.body ?? new ReadableStream<Uint8Array>({
      start: (controller) => controller.close(),
    });
    if (offset > 0 && response.status !== 206) {
      await body.cancel();
      throw new RegError(
        "unsupported",
        `${action}: range request not supported by server`,
      );
    }
    if (!verify) return body;
    return offset > 0
      ? sized(body, node.size < 0 ? -1 : node.size - offset)
      : verified(body, node);
  }

  /** Tells whether a blob or a manifest is there, by HEAD. */
  async exists(node: Descriptor, options: CallOptions = {}): Promise<boolean> {
    const { signal } = options;
    try {
      if (isManifestType(node.mediaType)) {
        await this.resolve(node.digest, options);
        return true;
      }
      // Without HEAD there is no cheap way to know: it is sent.
      if (this.#context.host.apiOpts?.disableHead === "true") return false;
      await discard(
        await ask(this.#context, `Cannot look for blob ${node.digest}`, {
          kind: "blob",
          method: "HEAD",
          path: `blobs/${node.digest}`,
          signal,
        }),
      );
      return true;
    } catch (error) {
      if (isRegError(error, "not_found")) return false;
      throw error;
    }
  }

  /** Stores a blob; the registry checks the digest. */
  async push(
    node: Descriptor,
    body: Body,
    options: PushOptions = {},
  ): Promise<void> {
    const { signal, onBytes = () => {} } = options;
    let told = 0;
    const tell = (bytes: number) => {
      told += bytes;
      onBytes(bytes);
    };
    const open = async (offset: number, { signal }: CallOptions) =>
      counted(
        sized(
          await body({ offset, verify: false, signal }),
          node.size - offset,
        ),
        tell,
      );
    await upload(this.#context, node, {
      signal,
      location: this.#takeBegun(node),
      source: {
        open,
        onOffset: (offset) => tell(offset - told),
        attempt: (offset, send) =>
          send({
            body: {
              open: (o = {}) => open(offset, o),
              size: node.size - offset,
            },
          }),
      },
    });
  }

  /** Stores a manifest as it is, and tags it where asked. */
  async putManifest(
    node: Descriptor,
    bytes: Uint8Array,
    options: PushOptions = {},
  ): Promise<void> {
    await putManifest(this.#context, { descriptor: node, bytes }, options);
  }

  /** Takes a blob from another repository of the registry. */
  async mount(
    node: Descriptor,
    from: readonly string[],
    options: CallOptions = {},
  ): Promise<boolean> {
    const { mounted, location } = await mountBlob(this.#context, node, {
      ...options,
      from,
    });
    if (location !== undefined) this.#begun.set(node.digest, location);
    return mounted;
  }

  /** Lists tags, a page at a time. */
  tags(options: ListOptions = {}): AsyncIterable<Page> {
    return listTags(this.#context, options);
  }

  #takeBegun(node: Descriptor): string | undefined {
    const location = this.#begun.get(node.digest);
    this.#begun.delete(node.digest);
    return location;
  }
}

void isDigest;
void DigestError;
