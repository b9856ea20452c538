/**
 * Runs the scripts of a file.
 *
 * @module
 */
import { toMilliseconds } from "../../base/duration.ts";
import { RegError } from "../../base/errors.ts";
import { LinkedAbort } from "../../base/linked_abort.ts";
import type { Log } from "../../base/log.ts";
import { Semaphore } from "../../base/semaphore.ts";
import type { Io } from "../../cli/io.ts";
import type { RegbotScript } from "../../config/regbot.ts";
import {
  compareVersions,
  parseSemverRange,
} from "../../config/semver_range.ts";
import { ApiHost, INTERFACE } from "../../lua/api/mod.ts";
import type { Session } from "../../lua/api/session.ts";
import type { Outcome } from "../../lua/engine/script.ts";
import { LuaPool } from "../../lua/pool.ts";
import { repairCalls } from "../../lua/repair.ts";
import type { Client } from "../../registry/open.ts";
import { Run } from "../../registry/run.ts";
import { reachOf } from "./reach.ts";

/** Options for {@linkcode ScriptRunner}. */
export interface ScriptRunnerOptions {
  /** Reaches registries and layouts. */
  readonly client: Client;
  /** Where events go. */
  readonly log: Log;
  /** Whether nothing may be changed. */
  readonly dryRun: boolean;
  /** Copies at a time, of all scripts together. */
  readonly parallel: number;
  /** Files that hold logins and settings. */
  readonly files: readonly string[];
  /** Runs the scripts, and is disposed with the runner; a new one where left out. */
  readonly pool?: LuaPool | undefined;
}

/** A script, and how it is called. */
export type RunnableScript =
  & Pick<RegbotScript, "name" | "script" | "timeout" | "args" | "allow">
  & {
    /** How positions name its text. @default {"<string>"} */
    readonly chunk?: string;
  };

/** The environment in which scripts run. Dispose it at the end. */
export class ScriptRunner implements AsyncDisposable {
  readonly #io: Io;
  readonly #options: ScriptRunnerOptions;
  readonly #pool: LuaPool;
  readonly #gate: Semaphore;

  /** Makes an engine ready; runs nothing. */
  constructor(io: Io, options: ScriptRunnerOptions) {
    this.#io = io;
    this.#options = options;
    this.#pool = options.pool ?? new LuaPool({ interface: INTERFACE });
    this.#gate = new Semaphore(options.parallel);
  }

  /**
   * Runs a script to its end.
   *
   * @throws {RegError} `script`, with the position and what was running.
   */
  async run(script: RunnableScript, signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    const { name } = script;
    log.debug("Starting script", { script: name });
    try {
      await this.#run(script, signal);
    } catch (error) {
      log.warn("Error running script", {
        script: name,
        error: error instanceof Error ? error : String(error),
      });
      throw error;
    } finally {
      log.debug("Finished script", { script: name });
    }
  }

  /** Tells whether a script parses: the message, with its line, if not. */
  async check(source: string): Promise<string | undefined> {
    const problem = await this.#parse(source, "");
    if (problem === undefined) return undefined;
    const repaired = repairCalls(source);
    return repaired === undefined ||
        await this.#parse(repaired, "") !== undefined
      ? problem
      : undefined;
  }

  /** Ends the engines. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  #parse(source: string, chunk: string): Promise<string | undefined> {
    return this.#pool.check(new TextEncoder().encode(source), chunk);
  }

  async #run(script: RunnableScript, signal: AbortSignal): Promise<void> {
    const outcome = await this.#start(script, signal);
    if (outcome.type !== "syntax") return report(outcome);
    // Nothing of it has run: it is safe to start it again.
    const repaired = repairCalls(script.script);
    if (repaired === undefined) return report(outcome);
    const { chunk = "<string>" } = script;
    if (await this.#parse(repaired, chunk) !== undefined) {
      return report(outcome);
    }
    this.#options.log.warn("Statement is read as a call: add brackets", {
      script: script.name,
      error: outcome.message,
    });
    report(await this.#start({ ...script, script: repaired }, signal));
  }

  async #start(script: RunnableScript, signal: AbortSignal): Promise<Outcome> {
    const { chunk = "<string>", args, timeout } = script;
    using end = new LinkedAbort(signal);
    using host = new ApiHost(
      this.#session(script),
      (bytes) => this.#io.stdout.write(bytes),
      end.signal,
    );
    return await this.#pool.run({
      source: new TextEncoder().encode(script.script),
      chunk,
      globals: new Map([["args", new Map(Object.entries(args))]]),
      host,
      signal: end.signal,
      onStart: () => {
        // Counted from its own start: others may have kept it waiting.
        if (timeout > 0n) end.abortAfter(toMilliseconds(timeout), tooLate());
      },
    });
  }

  #session(script: RunnableScript): Session {
    const { client, log, dryRun, files } = this.#options;
    const { env } = this.#io;
    return {
      name: script.name,
      client,
      log,
      dryRun,
      gate: this.#gate,
      run: new Run(),
      allow: script.allow,
      ...reachOf(script.allow, { env, files }),
      env,
      versions: {
        compare: compareVersions,
        filter: (tags, range) => tags.filter(parseSemverRange(range)),
      },
    };
  }
}

function tooLate(): DOMException {
  return new DOMException("Script took too long", "TimeoutError");
}

/** Throws for a script that did not end well. */
function report(outcome: Outcome): void {
  switch (outcome.type) {
    case "done":
      return;
    case "exited":
      if (outcome.status === 0) return;
      throw new RegError(
        "script",
        `script ended itself with status ${outcome.status}`,
      );
    case "failed": {
      const { message, traceback } = outcome;
      const text = traceback === "" ? message : `${message}\n${traceback}`;
      throw new RegError("script", text);
    }
  }
  throw new RegError("script", outcome.message);
}
