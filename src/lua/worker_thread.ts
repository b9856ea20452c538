/**
 * One Worker, seen from the main thread: runs one script after another, each in
 * an interpreter of its own.
 *
 * @module
 */
import { messageOf, RegError } from "../base/errors.ts";
import { LinkedAbort } from "../base/linked_abort.ts";
import { sleep } from "../base/sleep.ts";
import {
  type Answer,
  encodeAnswer,
  type HostValue,
  type LuaValue,
  Reader,
  Writer,
} from "./codec.ts";
import type { Limits } from "./engine/limits.ts";
import type { Interface, Outcome } from "./engine/script.ts";
import {
  CONTROL,
  CONTROL_SIZE,
  FIRST_ANSWER,
  MAX_ANSWER,
  type Order,
  PRINT,
  type Report,
  type Shared,
  STATE,
  STOP,
  STOP_MESSAGES,
} from "./protocol.ts";
import { CAN_ISOLATE, workerUrl } from "./worker_url.ts";

/** Who answers a script's calls. */
export interface ScriptHost {
  /**
   * Answers a call of function `n` of the interface. The signal aborts with the
   * script's own, and when the script is over; its reason may be thrown.
   *
   * @throws {ArgumentError} For an argument that is of no use; any other error
   * becomes an error of the script with its message.
   */
  call(
    n: number,
    args: readonly LuaValue[],
    signal: AbortSignal,
  ): Promise<readonly HostValue[]>;
  /** Prints bytes; the script waits for it. */
  print(bytes: Uint8Array): Promise<void> | void;
  /** Forgets an object that the script let go of. */
  release?(id: number): void;
}

/** Says that an argument of a call is of no use: `bad argument #n to 'name' (message)`. */
export class ArgumentError extends Error {
  /** The argument, from 1. */
  readonly n: number;
  /** Makes an error about argument `n`. */
  constructor(n: number, message: string) {
    super(message);
    this.n = n;
  }
}

/** A script to run. */
export interface Job {
  /** Its text, as bytes. */
  readonly source: Uint8Array;
  /** How positions name it. @default {"<string>"} */
  readonly chunk?: string;
  /** Global variables that it finds. */
  readonly globals?: ReadonlyMap<string, HostValue>;
  /** Who answers its calls. */
  readonly host: ScriptHost;
  /**
   * Ends the script. Its host sees it too and should refuse calls from then on,
   * by which the script can end itself; after a grace time it is stopped
   * wherever it is. A reason named
   * `TimeoutError` is a deadline, any other a cancellation.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called when its turn has come, right before it runs. */
  readonly onStart?: (() => void) | undefined;
}

/** For how long an aborted script may go on, in milliseconds. */
const GRACE = 250;
/** After this time, in milliseconds, a Worker that was stopped is given up. */
const LOST = 600;

/** One Worker. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #interface: Interface | Promise<Interface>;
  readonly #limits: Limits;
  readonly #module: Promise<WebAssembly.Module>;
  /** What the interpreter that is ready, or will be, shares with us. */
  #shared: Promise<Shared>;
  #run: Run | undefined;
  #checked: ((message: string | undefined) => void) | undefined;
  #failure: string | undefined;
  /** Whether it can take another script. */
  usable = true;

  /** Starts a Worker and has it make an interpreter ready, once that is compiled. */
  constructor(
    module: Promise<WebAssembly.Module>,
    options: {
      readonly interface: Interface | Promise<Interface>;
      readonly limits: Limits;
    },
  ) {
    this.#module = module;
    this.#interface = options.interface;
    this.#limits = options.limits;
    this.#worker = startWorker();
    this.#worker.onmessage = (event: MessageEvent<Report>) =>
      this.#receive(event.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#give(event.message);
    };
    this.#shared = this.#prepare();
    // Whoever runs something gets to know; a Worker kept ready may never run.
    this.#shared.catch(() => {});
  }

  /** Runs a script to its end, which an error is as well. */
  async run(job: Job): Promise<Outcome> {
    const shared = await this.#shared;
    if (this.#failure !== undefined) {
      return { type: "ended", message: this.#failure };
    }
    const run = new Run(job, shared);
    this.#run = run;
    this.#order({
      type: "run",
      source: job.source,
      chunk: job.chunk ?? "<string>",
      globals: Array.from(job.globals ?? [], ([name, value]) => {
        const writer = new Writer(MAX_ANSWER);
        writer.value(value);
        return [name, writer.bytes];
      }),
    });
    const outcome = await run.outcome(() => this.#lose());
    this.#run = undefined;
    if (this.usable) this.#shared = this.#prepare();
    return outcome;
  }

  /** Tells whether a text parses: the message if not. */
  async check(source: Uint8Array, chunk: string): Promise<string | undefined> {
    await this.#shared;
    if (this.#failure !== undefined) return this.#failure;
    return await new Promise((resolve) => {
      this.#checked = resolve;
      this.#order({ type: "check", source, chunk });
    });
  }

  /** Ends the Worker, which must be idle. */
  async close(): Promise<void> {
    this.usable = false;
    // Not before the orders that wait for the interpreter.
    await this.#shared;
    this.#order({ type: "close" });
  }

  async #prepare(): Promise<Shared> {
    const [module, functions] = await Promise.all([
      this.#module,
      this.#interface,
    ]);
    const shared = {
      control: new SharedArrayBuffer(CONTROL_SIZE),
      answers: new SharedArrayBuffer(FIRST_ANSWER, {
        maxByteLength: MAX_ANSWER,
      }),
    };
    this.#order({
      type: "prepare",
      module,
      limits: this.#limits,
      interface: functions,
      shared,
    });
    return shared;
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #receive(report: Report): void {
    switch (report.type) {
      case "call":
        this.#run?.call(report).catch((error) => this.#give(messageOf(error)));
        return;
      case "done":
        this.#run?.done(report).catch((error) => this.#give(messageOf(error)));
        return;
      case "checked":
        this.#checked?.(report.message);
        this.#checked = undefined;
    }
  }

  /** The Worker failed: what waits for it gets to know. */
  #give(message: string): void {
    this.usable = false;
    this.#run?.end({
      type: "ended",
      message: `interpreter failed: ${message}`,
    });
    this.#checked?.(`interpreter failed: ${message}`);
    this.#worker.terminate();
  }

  /** The Worker does not end its script: it is left to itself. */
  #lose(): void {
    this.usable = false;
    this.#worker.terminate();
  }
}

/** The run of one script. */
class Run {
  readonly #job: Job;
  readonly #shared: Shared;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #end = Promise.withResolvers<Outcome>();
  /** Ends the waits for the script when it is over. */
  readonly #over = new AbortController();
  /** Aborts what the host does for the script, when that is aborted or over. */
  readonly #calls: LinkedAbort;

  constructor(job: Job, shared: Shared) {
    this.#job = job;
    this.#shared = shared;
    this.#control = new Int32Array(shared.control);
    this.#calls = new LinkedAbort(job.signal);
  }

  /** Waits for the end; `lose` is called for a Worker that does not come to it. */
  async outcome(lose: () => void): Promise<Outcome> {
    const { signal } = this.#job;
    const over = this.#over.signal;
    const stop = async () => {
      try {
        await sleep(GRACE, { signal: over });
        this.#stop();
        await sleep(LOST, { signal: over });
        lose();
        this.end({ type: "ended", message: stopMessage(signal) });
      } catch {
        // The script has ended in time.
      }
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
    const outcome = await this.#end.promise;
    signal?.removeEventListener("abort", stop);
    return outcome;
  }

  /** Notes the end. */
  end(outcome: Outcome): void {
    const reason = new RegError("script", "Script has ended");
    this.#over.abort(reason);
    this.#calls.abort(reason);
    this.#calls[Symbol.dispose]();
    this.#end.resolve(outcome);
  }

  /** The Worker reported the end. */
  async done(report: Report & { readonly type: "done" }): Promise<void> {
    if (report.printed.length > 0) await this.#job.host.print(report.printed);
    this.end(report.outcome);
  }

  /** The Worker waits for an answer. */
  async call(report: Report & { readonly type: "call" }): Promise<void> {
    for (const id of report.released) this.#job.host.release?.(id);
    const answer = await this.#answer(report.n, report.args);
    if (Atomics.load(this.#control, CONTROL.stop) !== STOP.no) return;
    this.#reply(answer);
  }

  async #answer(n: number, args: Uint8Array): Promise<Uint8Array> {
    try {
      if (n === PRINT) {
        await this.#job.host.print(args);
        return encodeAnswer({ type: "values", values: [] });
      }
      const reader = new Reader(args);
      const values = Array.from(
        { length: Math.min(reader.count(), args.length) },
        () => reader.value(),
      );
      const results = await this.#job.host.call(n, values, this.#calls.signal);
      const answer = encodeAnswer({ type: "values", values: results });
      return answer.length <= MAX_ANSWER
        ? answer
        : failure("answer is too large for the script");
    } catch (error) {
      if (error instanceof ArgumentError) {
        const { n, message } = error;
        return encodeAnswer({ type: "argument", n, message });
      }
      const { signal } = this.#job;
      const aborted = signal?.aborted === true && error === signal.reason;
      return failure(aborted ? stopMessage(signal) : messageOf(error));
    }
  }

  #reply(answer: Uint8Array): void {
    const { answers } = this.#shared;
    if (answer.length > answers.byteLength) answers.grow(answer.length);
    new Uint8Array(answers).set(answer);
    Atomics.store(this.#control, CONTROL.length, answer.length);
    this.#wake(STATE.answered);
  }

  #stop(): void {
    Atomics.store(this.#control, CONTROL.stop, reasonOf(this.#job.signal));
    this.#wake(STATE.stopped);
  }

  #wake(state: number): void {
    Atomics.store(this.#control, CONTROL.state, state);
    Atomics.notify(this.#control, CONTROL.state);
  }
}

function reasonOf(signal: AbortSignal | undefined): number {
  const reason: unknown = signal?.reason;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? STOP.deadline
    : STOP.canceled;
}

/** The error of a call that comes after a script's end was ordered. */
export function stopMessage(signal: AbortSignal | undefined): string {
  return STOP_MESSAGES[reasonOf(signal)] ?? "";
}

function failure(message: string): Uint8Array {
  const answer: Answer = { type: "error", message };
  return encodeAnswer(answer);
}

function startWorker(): Worker {
  return new Worker(workerUrl(), {
    type: "module",
    ...(CAN_ISOLATE ? { deno: { permissions: "none" } } : {}),
  });
}
