/** Asks a registry's handler without a socket, and pushes fixtures through it. */
import { strictEqual } from "node:assert/strict";
import type { Handler } from "../../src/serve/mod.ts";
import { type Graph, type Made } from "./images.ts";

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly text: string;
  /** The codes of an error answer. */
  readonly codes: readonly string[];
}

/** What goes with a request. */
export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit | null;
}

/** A registry's handler, as a client uses it. */
export class RegistryApi {
  readonly #handler: Handler;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  /** Sends `GET app/tags/list` below `/v2/`, or any path that starts with a slash. */
  async ask(what: string, asked: Asked = {}): Promise<Answer> {
    const [method = "GET", path = ""] = what.split(" ");
    const url = new URL(
      path.startsWith("/") ? path : `/v2/${path}`,
      "http://registry.test",
    );
    const response = await this.#handler(
      new Request(url, { method, ...asked }),
    );
    const bytes = await response.bytes();
    const text = new TextDecoder().decode(bytes);
    const { status, headers } = response;
    return { status, headers, bytes, text, codes: codesOf(status, text) };
  }

  /** Begins an upload, and gives its path. */
  async begin(repository: string, query: string = ""): Promise<string> {
    const begun = await this.ask(`POST ${repository}/blobs/uploads/${query}`);
    strictEqual(begun.status, 202);
    return begun.headers.get("location") ?? "";
  }

  /** Pushes a blob in one request. */
  async pushBlob(repository: string, blob: Made): Promise<void> {
    const { digest } = blob.descriptor;
    const answer = await this.ask(
      `POST ${repository}/blobs/uploads/?digest=${digest}`,
      { body: blob.bytes },
    );
    strictEqual(answer.status, 201, answer.text);
  }

  /** Pushes a manifest by digest or tag. */
  async putManifest(
    repository: string,
    manifest: Made,
    reference: string = manifest.descriptor.digest,
  ): Promise<Answer> {
    return await this.ask(`PUT ${repository}/manifests/${reference}`, {
      headers: { "content-type": manifest.descriptor.mediaType },
      body: manifest.bytes,
    });
  }

  /** Pushes all of an image, the root under a tag where given. */
  async pushGraph(
    repository: string,
    graph: Graph,
    tag?: string,
  ): Promise<void> {
    for (const blob of graph.blobs) await this.pushBlob(repository, blob);
    for (const manifest of graph.manifests) {
      const isRoot = manifest.descriptor.digest === graph.root.digest;
      const answer = await this.putManifest(
        repository,
        manifest,
        isRoot ? tag : undefined,
      );
      strictEqual(answer.status, 201, answer.text);
    }
  }
}

function codesOf(status: number, text: string): string[] {
  if (status < 400 || text === "") return [];
  const body: { errors: { code: string }[] } = JSON.parse(text);
  return body.errors.map((error) => error.code);
}
