/**
 * The interface that scripts have to registries.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { HostValue, LuaValue } from "../codec.ts";
import type { Interface } from "../engine/script.ts";
import { type ScriptHost, stopMessage } from "../worker_thread.ts";
import { ARCHIVE } from "./archive.ts";
import { BLOB } from "./blob.ts";
import { Call } from "./call.ts";
import { IMAGE_CONFIG } from "./config.ts";
import { DATA } from "./data.ts";
import { type Definition, pathOf } from "./definition.ts";
import { FILES } from "./files.ts";
import { IMAGE_FUNCTIONS } from "./image.ts";
import { LISTS } from "./lists.ts";
import { LOG } from "./log.ts";
import { MANIFEST } from "./manifest.ts";
import { MODULES } from "./modules.ts";
import { CLASSES, Objects } from "./objects.ts";
import { REFERENCE } from "./reference.ts";
import type { Session } from "./session.ts";

/** All functions and methods, in the order of the documentation. */
export const DEFINITIONS: readonly Definition[] = [
  ...LOG,
  ...REFERENCE,
  ...LISTS,
  ...MANIFEST,
  ...IMAGE_CONFIG,
  ...IMAGE_FUNCTIONS,
  ...ARCHIVE,
  ...BLOB,
  ...DATA,
  ...FILES,
  ...MODULES,
];

const BINDINGS = DEFINITIONS.flatMap((definition) =>
  [definition.name, ...definition.aliases ?? []].map((name) => ({
    path: pathOf(name),
    definition,
  }))
);

/** What scripts can call. */
export const INTERFACE: Interface = {
  classes: CLASSES,
  functions: BINDINGS.map(({ path, definition }) => ({
    path,
    fields: definition.fields ?? false,
  })),
};

/** Answers the calls of one run of a script. Dispose it when the run is over. */
export class ApiHost implements ScriptHost, Disposable {
  readonly #session: Session;
  readonly #print: (bytes: Uint8Array) => void | Promise<void>;
  readonly #stop: AbortSignal | undefined;
  readonly #objects = new Objects();

  /**
   * Makes the host of one run.
   *
   * @param print Takes what the script prints.
   * @param stop Aborts when the script has to end.
   */
  constructor(
    session: Session,
    print: (bytes: Uint8Array) => void | Promise<void>,
    stop?: AbortSignal,
  ) {
    this.#session = session;
    this.#print = print;
    this.#stop = stop;
  }

  /** Answers a call. */
  async call(
    n: number,
    values: readonly LuaValue[],
    signal: AbortSignal,
  ): Promise<readonly HostValue[]> {
    const definition = BINDINGS[n]?.definition;
    if (definition === undefined) {
      throw new RegError("internal", "no such function");
    }
    if (this.#stop?.aborted && !definition.local) {
      throw new RegError("script", stopMessage(this.#stop));
    }
    return await definition.run(
      new Call({
        session: this.#session,
        objects: this.#objects,
        values,
        signal,
      }),
    );
  }

  /** Prints. */
  print(bytes: Uint8Array): void | Promise<void> {
    return this.#print(bytes);
  }

  /** Forgets an object. */
  release(id: number): void {
    this.#objects.release(id);
  }

  /** Forgets all objects, and closes the files. */
  [Symbol.dispose](): void {
    this.#objects.clear();
  }
}
