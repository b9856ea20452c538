/**
 * The code of a script's Worker.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { ByteBuilder } from "./engine/bytes.ts";
import { Ended } from "./engine/instance.ts";
import { type Host, Script } from "./engine/script.ts";
import {
  CONTROL,
  type Order,
  PRINT,
  type Report,
  type Shared,
  STATE,
  STOP_MESSAGES,
} from "./protocol.ts";

/** Printed bytes that are handed over at once. */
const FLUSH = 16 << 10;
/**
 * How often the answer is looked for before sleeping, some 60 µs: on an idle
 * machine falling asleep and being woken takes twice as long as a small answer.
 */
const LOOKS = 20_000;
/** Objects let go of that are reported without waiting for a call. */
const RELEASED = 1000;

/** The host as the script sees it: asks the main thread, and blocks. */
class RemoteHost implements Host {
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #shared: Shared;
  readonly #printed = new ByteBuilder(1 << 30, () => {
    throw new Ended("output limit reached");
  });
  #released: number[] = [];

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#control = new Int32Array(shared.control);
  }

  call(n: number, args: Uint8Array<ArrayBuffer>): Uint8Array {
    if (n !== PRINT) this.#flush();
    const control = this.#control;
    Atomics.store(control, CONTROL.state, STATE.waiting);
    report({ type: "call", n, args, released: this.#released }, [args.buffer]);
    this.#released = [];
    for (let looks = 0; looks < LOOKS; looks++) {
      if (Atomics.load(control, CONTROL.state) !== STATE.waiting) break;
    }
    while (Atomics.load(control, CONTROL.state) === STATE.waiting) {
      if (this.stopped() !== undefined) break;
      Atomics.wait(control, CONTROL.state, STATE.waiting);
    }
    const reason = this.stopped();
    // The interpreter adds the position when it looks at the flag.
    if (reason !== undefined) return new Uint8Array([0, 0, 0, 0, 0]);
    const length = Atomics.load(control, CONTROL.length);
    return new Uint8Array(this.#shared.answers, 0, length);
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#printed.append(bytes);
    if (this.#printed.length > FLUSH) this.#flush();
  }

  idle(): void {
    this.#flush();
  }

  stopped(): string | undefined {
    return STOP_MESSAGES[Atomics.load(this.#control, CONTROL.stop)];
  }

  release(id: number): void {
    // Not a call: this runs within the collector.
    if (this.#released.length < RELEASED * RELEASED) this.#released.push(id);
  }

  /** What is left to print. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.#printed.bytes.slice();
  }

  #flush(): void {
    if (this.#printed.length === 0) return;
    const bytes = this.rest();
    this.#printed.clear();
    this.call(PRINT, bytes);
  }
}

function report(report: Report, transfer: Transferable[] = []): void {
  self.postMessage(report, transfer);
}

let ready: { script: Script; host: RemoteHost } | undefined;

function obey(order: Order): void {
  switch (order.type) {
    case "prepare": {
      const host = new RemoteHost(order.shared);
      ready = { script: new Script(order.module, { ...order, host }), host };
      return;
    }
    case "run": {
      if (ready === undefined) throw new Ended("no interpreter");
      const { script, host } = ready;
      ready = undefined;
      for (const [name, value] of order.globals) script.setGlobal(name, value);
      const outcome = script.run(order.source, order.chunk);
      return report({ type: "done", outcome, printed: host.rest() });
    }
    case "check": {
      if (ready === undefined) throw new Ended("no interpreter");
      const message = ready.script.check(order.source, order.chunk);
      return report({ type: "checked", message });
    }
    case "close":
      return self.close();
  }
}

self.onmessage = (event: MessageEvent<Order>) => obey(event.data);
