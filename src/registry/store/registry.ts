/**
 * A repository on a registry, by the distribution specification.
 *
 * See {@link https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md}.
 *
 * @module
 */
import { isRegError } from "../../base/errors.ts";
import type {
  Abilities,
  Body,
  CallOptions,
  Descriptor,
  Digest,
  ListOptions,
  ManifestBytes,
  OpenOptions,
  Page,
  PushOptions,
  Referrers,
  ReferrersOptions,
  RegistryRequest,
  Resolved,
  Source,
  Store,
} from "../core.ts";
import { discard } from "../http/responses.ts";
import { parseManifest } from "../manifest.ts";
import { isManifestType } from "../media_types.ts";
import { deleteTag } from "../tag_delete.ts";
import { sized, verified } from "../verify.ts";
import { getBlob, statBlob } from "./registry_blob.ts";
import { listTags } from "./registry_list.ts";
import {
  getManifest,
  headManifest,
  manifestName,
  putManifest,
} from "./registry_manifest.ts";
import { ask, type RegistryContext } from "./registry_context.ts";
import { mountBlob } from "./registry_mount.ts";
import {
  listReferrers,
  listUnderTag,
  unlistUnderTag,
} from "./registry_referrers.ts";
import { transferBlob } from "./registry_transfer.ts";
import { upload } from "./registry_upload.ts";
import { Meter } from "./meter.ts";
import { Replay } from "./replay.ts";

/** A repository on a registry. */
export class RegistryStore implements Store, Abilities {
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

  /**
   * Streams a blob; a broken connection is resumed where it broke. Where the
   * registry has it no more, the places in the descriptor's `urls` are tried,
   * without credentials.
   */
  async open(
    node: Descriptor,
    options: OpenOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { offset = 0, verify = true } = options;
    const body = await getBlob(this.#context, node, options);
    if (!verify) return body;
    return offset > 0
      ? sized(body, node.size < 0 ? -1 : node.size - offset)
      : verified(body, node);
  }

  /** Describes a blob by its digest, by HEAD. */
  async stat(digest: Digest, options: CallOptions = {}): Promise<Resolved> {
    return await statBlob(this.#context, digest, options);
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
    const { signal, onBytes } = options;
    const meter = new Meter(onBytes);
    await using replay = new Replay(async (offset) =>
      sized(
        await body({ offset, verify: false, signal }),
        node.size - offset,
      )
    );
    const open = async (offset: number) =>
      meter.through(await replay.open(offset));
    await upload(this.#context, node, {
      signal,
      location: this.#takeBegun(node),
      source: {
        open,
        onOffset: (offset) => meter.stand(offset),
        attempt: (offset, send) =>
          send({
            body: { open: () => open(offset), size: node.size - offset },
          }),
      },
    });
  }

  /**
   * Takes a blob from a repository that the same client opened, where it can
   * without the bytes entering JavaScript. `false` for every other source.
   */
  async transfer(
    node: Descriptor,
    from: Source,
    options: PushOptions = {},
  ): Promise<boolean> {
    if (!(from instanceof RegistryStore) || node.size < 0) return false;
    const source = from.#context;
    if (source.stack !== this.#context.stack) return false;
    const { signal, onBytes } = options;
    const meter = new Meter(onBytes);
    await transferBlob(this.#context, node, {
      source,
      signal,
      location: this.#takeBegun(node),
      onOffset: (offset) => meter.stand(offset),
      open: async (offset) =>
        sized(
          await getBlob(source, node, { offset, held: true, signal }),
          node.size - offset,
        ),
      through: (stream) => meter.through(stream),
    });
    meter.stand(node.size);
    return true;
  }

  /**
   * Stores a manifest as it is, and tags it where asked. One with a subject is
   * listed under the subject's tag where the registry has no referrers API.
   */
  async putManifest(
    node: Descriptor,
    bytes: Uint8Array,
    options: PushOptions = {},
  ): Promise<void> {
    const { tag, signal } = options;
    const headers = await putManifest(
      this.#context,
      { descriptor: node, bytes },
      { tag, signal },
    );
    const manifest = parseManifest(bytes, node.mediaType);
    const subject = manifest.subject?.digest;
    if (subject === undefined || headers.get("oci-subject") === subject) return;
    await listUnderTag(this.#context, { node, manifest }, { signal });
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

  /** Lists the manifests whose subject is `node`. */
  async referrers(
    node: Descriptor,
    options: ReferrersOptions = {},
  ): Promise<Referrers> {
    return await listReferrers(this.#context, node, options);
  }

  /** Points a tag at a manifest that is there: reads it and stores it anew. */
  async tag(
    node: Descriptor,
    tag: string,
    options: CallOptions = {},
  ): Promise<void> {
    const { descriptor, bytes } = await this.manifest(node.digest, options);
    await putManifest(this.#context, { descriptor, bytes }, {
      ...options,
      tag,
    });
  }

  /** Deletes a tag and leaves the manifest, where the registry can. */
  async untag(tag: string, options: CallOptions = {}): Promise<void> {
    await this.#delete(
      `Cannot delete tag ${manifestName(this.#context, tag)}`,
      // Most refuse it: `deleteTag` then goes another way.
      { path: `manifests/${tag}`, kind: "manifest", harmless: true },
      options,
    );
  }

  /** Deletes a manifest and all its tags. */
  async deleteManifest(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    const { digest } = node;
    await this.#delete(
      `Cannot delete manifest ${manifestName(this.#context, digest)}`,
      { path: `manifests/${digest}`, kind: "manifest" },
      options,
    );
  }

  /**
   * Takes a manifest that is about to be deleted out of the list of its subject's
   * referrers, where the registry does not do that by itself.
   */
  async unlist(node: Descriptor, options: CallOptions = {}): Promise<void> {
    const { signal } = options;
    const { bytes, descriptor } = await this.manifest(node.digest, options);
    const manifest = parseManifest(bytes, descriptor.mediaType);
    await unlistUnderTag(this.#context, { node, manifest }, {
      signal,
      untag: (tag) => deleteTag(this, tag, { signal }),
    });
  }

  /** Deletes a blob. */
  async deleteBlob(
    node: Descriptor,
    options: CallOptions = {},
  ): Promise<void> {
    const { digest } = node;
    await this.#delete(
      `Cannot delete blob ${JSON.stringify(`${this.name}@${digest}`)}`,
      { path: `blobs/${digest}`, kind: "blob" },
      options,
    );
  }

  async #delete(
    action: string,
    request: Pick<RegistryRequest, "path" | "kind" | "harmless">,
    options: CallOptions,
  ): Promise<void> {
    const { signal } = options;
    await discard(
      await ask(this.#context, action, {
        ...request,
        method: "DELETE",
        signal,
      }),
    );
  }

  #takeBegun(node: Descriptor): string | undefined {
    const location = this.#begun.get(node.digest);
    this.#begun.delete(node.digest);
    return location;
  }
}
