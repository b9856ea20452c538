/**
 * The contracts that every store, transport and copy is written against.
 *
 * @module
 */

/** What every operation accepts: cancellation, and nothing else. */
export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The algorithm and the hash, such as `sha256:6858…`. */
export type Digest = `${string}:${string}`;

/**
 * What a manifest runs on.
 *
 * See {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md}.
 */
export interface Platform {
  /** The processor, such as `amd64`. */
  readonly architecture: string;
  /** The operating system, such as `linux`. */
  readonly os: string;
  /** The version of the operating system. */
  readonly "os.version"?: string;
  /** What the operating system must offer. */
  readonly "os.features"?: readonly string[];
  /** The variant of the processor, such as `v8`. */
  readonly variant?: string;
  /** Reserved by the specification. */
  readonly features?: readonly string[];
}

/**
 * Names bytes.
 *
 * See {@link https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md}.
 */
export interface Descriptor {
  /** What the bytes are, such as `application/vnd.oci.image.index.v1+json`. */
  readonly mediaType: string;
  /** What the bytes hash to. */
  readonly digest: Digest;
  /** How many bytes there are. */
  readonly size: number;
  /** Other places to load the bytes from. */
  readonly urls?: readonly string[];
  /** Free text by key. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The bytes themselves, in base64. */
  readonly data?: string;
  /** What an index entry runs on. */
  readonly platform?: Platform;
  /** What an artifact is. */
  readonly artifactType?: string;
}

/** A descriptor, and the headers with which a registry gave it. */
export interface Resolved extends Descriptor {
  /** The headers of the answer; none from a layout. */
  readonly headers?: Headers;
}

/** The bytes of a manifest, verified. */
export interface ManifestBytes {
  /** Media type, digest and size of the bytes. */
  readonly descriptor: Descriptor;
  /** The bytes as they were received: never serialised anew. */
  readonly bytes: Uint8Array;
  /** The headers of the answer; none from a layout. */
  readonly headers?: Headers;
}

/** Options for opening bytes. */
export interface OpenOptions extends CallOptions {
  /** The first byte to give; what comes before is skipped. @default {0} */
  readonly offset?: number | undefined;
  /** `false`: whoever takes the bytes checks size and digest itself. @default {true} */
  readonly verify?: boolean | undefined;
  /** Called with the headers of a registry's answer. */
  readonly onHeaders?: ((headers: Headers) => void) | undefined;
}

/** Opens the same bytes again on each call, so that a retry can replay them. */
export type Body = (
  options?: OpenOptions,
) => Promise<ReadableStream<Uint8Array>>;

/** A repository to read: on a registry, in a layout, in a tar, in memory. */
export interface Source {
  /** How messages name it, such as `ghcr.io/acme/app` or `ocidir://dir`. */
  readonly name: string;
  /** What holds it: the registry's name, or the layout's path with its scheme. */
  readonly host: string;
  /** Its name within the host; empty for a layout. */
  readonly repository: string;
  /** How many blob bodies its host should move at once. @default {4} */
  readonly bodies?: number;
  /**
   * Turns a tag or a digest into a descriptor.
   *
   * @throws {RegError} `not_found` where there is none.
   */
  resolve(tagOrDigest: string, options?: CallOptions): Promise<Resolved>;
  /**
   * Reads a manifest, by tag or digest, in one request, and verifies it.
   *
   * @throws {RegError} `not_found`, `mismatch`, `limit` (8 MiB).
   */
  manifest(tagOrDigest: string, options?: CallOptions): Promise<ManifestBytes>;
  /**
   * Streams the bytes of a blob. The stream errors unless size and digest
   * match; from an offset only the size can be checked.
   */
  open(
    node: Descriptor,
    options?: OpenOptions,
  ): Promise<ReadableStream<Uint8Array>>;
}

/** Options for {@linkcode Store.push}. */
export interface PushOptions extends CallOptions {
  /** Tags the manifest with the same request. */
  readonly tag?: string | undefined;
  /** The manifest is reached through another one: a layout lists it nowhere. @default {false} */
  readonly child?: boolean | undefined;
  /** Called with the number of bytes sent since the last call; negative when an upload starts anew. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** A repository to write. */
export interface Store extends Source {
  /** Tells whether the blob or the manifest is there. */
  exists(node: Descriptor, options?: CallOptions): Promise<boolean>;
  /** Stores a blob; a wrong digest or size leaves nothing. */
  push(node: Descriptor, body: Body, options?: PushOptions): Promise<void>;
  /** Stores a manifest as it is, and tags it where asked. */
  putManifest(
    node: Descriptor,
    bytes: Uint8Array,
    options?: PushOptions,
  ): Promise<void>;
}

/** Options for lists that come in pages. */
export interface ListOptions extends CallOptions {
  /** The largest page to ask for; the listing ends when that many came. */
  readonly limit?: number | undefined;
  /** Starts after this name. */
  readonly last?: string | undefined;
}

/** One page of a list of tags or of repositories. */
export interface Page {
  /** The names, in the order of the server. */
  readonly names: readonly string[];
  /** The body as it came. */
  readonly bytes: Uint8Array;
  /** The headers as they came; none from a layout. */
  readonly headers?: Headers;
  /** Where it came from; nothing from a layout. */
  readonly url?: string;
}

/** Options for {@linkcode Abilities.referrers}. */
export interface ReferrersOptions extends CallOptions {
  /** Asks the registry to filter; the answer may hold others all the same. */
  readonly artifactType?: string | undefined;
  /** In a layout: also opens every manifest to look for the subject. */
  readonly slow?: boolean | undefined;
}

/** The manifests that name another as their subject. */
export interface Referrers {
  /** Each once, in the order of the registry. */
  readonly descriptors: readonly Descriptor[];
  /** Annotations of the index that listed them. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The index as it came, of the last page. */
  readonly bytes?: Uint8Array;
  /** The headers as they came. */
  readonly headers?: Headers;
  /** The tag that held the list, where the registry has no referrers API. */
  readonly fallbackTag?: string;
}

/** What only some stores can do. Ask with {@linkcode can}. */
export interface Abilities {
  /**
   * Takes a blob from one of the `from` repositories of the same host, or from
   * anywhere there where `from` is empty. `false` says "send it"; what was
   * begun then serves the {@linkcode Store.push} of the same blob that follows.
   */
  mount(
    node: Descriptor,
    from: readonly string[],
    options?: CallOptions,
  ): Promise<boolean>;
  /**
   * Takes a blob's bytes from a source without touching them: the target
   * verifies the digest. `false` says that this pair of stores cannot.
   */
  transfer(
    node: Descriptor,
    from: Source,
    options?: PushOptions,
  ): Promise<boolean>;
  /** Lists tags, a page at a time as the caller asks for more. */
  tags(options?: ListOptions): AsyncIterable<Page>;
  /** Lists the manifests whose subject is `node`. */
  referrers(node: Descriptor, options?: ReferrersOptions): Promise<Referrers>;
  /** Points a tag at a manifest that is there. */
  tag(node: Descriptor, tag: string, options?: CallOptions): Promise<void>;
  /** Deletes a tag and leaves the manifest. */
  untag(tag: string, options?: CallOptions): Promise<void>;
  /** Deletes a manifest. */
  deleteManifest(node: Descriptor, options?: CallOptions): Promise<void>;
  /**
   * Takes a manifest that is about to be deleted out of the list of its
   * subject's referrers, where nobody else does.
   */
  unlist(node: Descriptor, options?: CallOptions): Promise<void>;
  /**
   * Describes a blob by its digest: its size, and the headers of the answer.
   *
   * @throws {RegError} `not_found`
   */
  stat(digest: Digest, options?: CallOptions): Promise<Resolved>;
  /** Deletes a blob. */
  deleteBlob(node: Descriptor, options?: CallOptions): Promise<void>;
}

/** Narrows a store to one that has an ability. */
export function can<S extends Source, A extends keyof Abilities>(
  store: S,
  ability: A,
): store is S & Pick<Abilities, A> {
  return ability in store;
}

/** A request to a registry, before a host is chosen for it. Never mutated. */
export interface RegistryRequest extends CallOptions {
  /** What is asked for; the throttle orders by it and the trace prints it. */
  readonly kind: "ping" | "manifest" | "blob" | "upload" | "list" | "token";
  /** The registry's configured name; a layer turns it into a host. */
  readonly registry: string;
  /** The repository, where the request has one: also the token's scope. */
  readonly repository?: string | undefined;
  /** Further repositories that the token must be able to pull from (mounts). */
  readonly alsoPull?: readonly string[] | undefined;
  /** The HTTP method. */
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** The path below `/v2/<repository>/` with its query, or an absolute URL from a `Location` or `Link`. */
  readonly path: string;
  /** The headers the operation itself needs. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body, reopened on each attempt. */
  readonly body?: RequestBody | undefined;
  /** What is being done, for errors while the answer's body is read: `Cannot …`. */
  readonly action?: string | undefined;
  /** Gives the answer's body untouched: not resumed, not counted; the caller disposes the response's lease. */
  readonly raw?: boolean | undefined;
  /** An answer that is no success neither slows the host down nor is tried again. */
  readonly harmless?: boolean | undefined;
  /** Asks the registry itself: a mirror may give what was there some time ago. */
  readonly direct?: boolean | undefined;
  /** How many bytes the answer is expected to have, where that is known. */
  readonly size?: number | undefined;
  /** The caller holds the slots of this request already: the throttle lets it pass. */
  readonly held?: boolean | undefined;
}

/** A request's body. */
export type RequestBody =
  | Uint8Array
  | {
    /** Opens the bytes, from an offset where asked. */
    readonly open: Body;
    /** How many bytes there are; sent as `Content-Length`. */
    readonly size: number;
    /** The stream is another answer's untouched body, which fetch sends with its length. */
    readonly untouched?: boolean;
  };

/** Sends a request. Rejects with an `HttpError` for any status from 400 on that no layer handled. */
export type Transport = (request: RegistryRequest) => Promise<Response>;
/** Adds one concern to a transport: mirrors, retry, throttle, auth, trace. */
export type Layer = (next: Transport) => Transport;

/** Stacks layers on a transport; the first one listed is the outermost. */
export function stack(base: Transport, ...layers: Layer[]): Transport {
  return layers.reduceRight((next, layer) => layer(next), base);
}
