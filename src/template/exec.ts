/**
 * Runs the tree of a template.
 *
 * What runs inside what is kept on a stack of our own: a template may call
 * itself 100,000 times, which JavaScript's stack would not survive.
 *
 * @module
 */
import type { LimitedBudget } from "./budget.ts";
import {
  type ByteString,
  toBytes,
  toByteString,
  toText,
} from "./byte_string.ts";
import { TemplateError } from "./errors.ts";
import { Evaluator, type EvaluatorOptions } from "./eval.ts";
import {
  type BranchNode,
  type Node,
  nodeText,
  type PipeNode,
  type TemplateNode,
} from "./node.ts";
import type { ParsedTemplate } from "./parser.ts";
import { printable } from "./printable.ts";
import { sprint } from "./printf.ts";
import { isInteger } from "./kind.ts";
import { type Result, Value } from "./type.ts";
import {
  elementOf,
  indirect,
  intValue,
  lengthOf,
  sortedEntries,
  truth,
  unwrapInterface,
} from "./value.ts";

const DEEPEST = 100_000; // nested templates, as in Go
const CHUNK = 64 * 1024; // how much output is gathered before it is written

type Pair = readonly [index: Result, element: Result];

interface Loop {
  readonly items: Iterator<Pair>;
  readonly pipe: PipeNode;
  /** How many variables there are when a turn begins. */
  readonly mark: number;
}

/** A list of nodes that is being run. */
interface Frame {
  readonly nodes: readonly Node[];
  next: number;
  dot: Result;
  /** How many variables remain when it is done. */
  readonly keep: number;
  readonly loop?: Loop;
  /** It is the `else` of a range, which `break` leaves as well. */
  readonly isLoopElse?: boolean;
  /** What the template around it had, where it is the body of another one. */
  readonly caller?: Pick<Evaluator, "variables" | "template">;
}

/** Options for {@linkcode runTemplate}. */
export interface RunOptions extends Omit<EvaluatorOptions, "root" | "text"> {
  /** Gets the output, piece by piece, also what came before an error. */
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** What the run may use up. */
  readonly budget: LimitedBudget;
}

/**
 * Runs a template.
 *
 * @throws {TemplateError} With Go's message, or with the code `limit` or `timeout`.
 */
export function runTemplate(
  template: ParsedTemplate,
  data: Result,
  options: RunOptions,
): void {
  const run = new Run(template, options);
  try {
    run.run(data);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw run.tooDeep(error);
  } finally {
    run.flush();
  }
}

class Run {
  readonly #trees: ReadonlyMap<ByteString, readonly Node[]>;
  readonly #options: RunOptions;
  readonly #evaluator: Evaluator;
  readonly #frames: Frame[] = [];
  #depth = 0;
  #out = "";
  #written = 0;

  constructor(template: ParsedTemplate, options: RunOptions) {
    this.#trees = template.trees;
    this.#options = options;
    const { root, text } = template;
    this.#evaluator = new Evaluator({ ...options, root, text });
  }

  run(data: Result): void {
    const evaluator = this.#evaluator;
    evaluator.variables = [{ name: "$", value: data }];
    const nodes = this.#trees.get(evaluator.template) ?? [];
    this.#push(nodes, data, 1);
    for (let frame = this.#top(); frame !== undefined; frame = this.#top()) {
      this.#options.budget.step();
      const node = frame.nodes[frame.next++];
      if (node === undefined) this.#finish(frame);
      else this.#walk(node, frame.dot);
    }
  }

  flush(): void {
    if (this.#out === "") return;
    const bytes = toBytes(this.#out);
    this.#out = "";
    this.#options.write(bytes);
  }

  tooDeep(cause: RangeError): TemplateError {
    return this.#evaluator.error("value is nested too deeply", { cause });
  }

  #write(text: ByteString): void {
    this.#written += text.length;
    this.#options.budget.hold(this.#written);
    this.#out += text;
    if (this.#out.length >= CHUNK) this.flush();
  }

  #top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  #push(nodes: readonly Node[], dot: Result, keep: number): void {
    this.#frames.push({ nodes, next: 0, dot, keep });
  }

  #finish(frame: Frame): void {
    if (frame.loop !== undefined) return this.#turn(frame, frame.loop);
    this.#leave(frame);
  }

  #leave(frame: Frame): void {
    this.#frames.pop();
    const evaluator = this.#evaluator;
    if (frame.caller === undefined) {
      evaluator.variables.length = frame.keep;
      return;
    }
    this.#depth--;
    evaluator.variables = frame.caller.variables;
    evaluator.template = frame.caller.template;
  }

  #walk(node: Node, dot: Result): void {
    const evaluator = this.#evaluator;
    evaluator.node = node;
    switch (node.type) {
      case "text":
        return this.#write(node.text);
      case "action": {
        const value = evaluator.pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.#print(node, value);
        return;
      }
      case "break":
      case "continue":
        return this.#jump(node.type);
      case "if":
      case "with":
        return this.#branch(node, dot);
      case "range":
        return this.#range(node, dot);
      case "template":
        return this.#template(node, dot);
    }
  }

  #print(node: Node, value: Result): void {
    this.#evaluator.node = node;
    const found = printable(value);
    if (found === undefined) {
      throw this.#evaluator.error(
        `can't print ${nodeText(node)} of type ${value?.type.name}`,
      );
    }
    this.#write(sprint([found.operand], this.#options.budget));
  }

  #branch(node: BranchNode, dot: Result): void {
    const keep = this.#evaluator.variables.length;
    const value = this.#evaluator.pipeline(dot, node.pipe);
    const isTrue = truth(unwrapInterface(value));
    const inner = node.type === "with" && isTrue ? value : dot;
    this.#push(isTrue ? node.body : node.otherwise ?? [], inner, keep);
  }

  #template(node: TemplateNode, dot: Result): void {
    const evaluator = this.#evaluator;
    const nodes = this.#trees.get(node.name);
    const name = `"${toText(node.name)}"`;
    if (nodes === undefined) {
      throw evaluator.error(toByteString(`template ${name} not defined`));
    }
    if (this.#depth === DEEPEST) {
      throw evaluator.error(`exceeded maximum template depth (${DEEPEST})`);
    }
    const value = node.pipe === undefined
      ? undefined
      : evaluator.pipeline(dot, node.pipe);
    const { variables, template } = evaluator;
    this.#depth++;
    this.#frames.push({
      nodes,
      next: 0,
      dot: value,
      keep: 1,
      caller: { variables, template },
    });
    // A template sees no variables of the one that calls it.
    evaluator.variables = [{ name: "$", value }];
    evaluator.template = node.name;
  }

  // Loops.

  #range(node: BranchNode, dot: Result): void {
    const evaluator = this.#evaluator;
    const keep = evaluator.variables.length;
    const { value } = indirect(evaluator.pipeline(dot, node.pipe));
    const items = this.#items(value, node.pipe.variables.length);
    const first = items.next();
    if (first.done === true) {
      const nodes = node.otherwise ?? [];
      this.#frames.push({ nodes, next: 0, dot, keep, isLoopElse: true });
      return;
    }
    const loop: Loop = {
      items,
      pipe: node.pipe,
      mark: evaluator.variables.length,
    };
    const frame: Frame = { nodes: node.body, next: 0, dot, keep, loop };
    this.#frames.push(frame);
    this.#begin(frame, loop, first.value);
  }

  #turn(frame: Frame, loop: Loop): void {
    this.#evaluator.variables.length = loop.mark;
    const following = loop.items.next();
    if (following.done === true) this.#leave(frame);
    else this.#begin(frame, loop, following.value);
  }

  #begin(frame: Frame, { pipe, mark }: Loop, [index, element]: Pair): void {
    const { variables } = this.#evaluator;
    const [first, second] = pipe.variables;
    const values = second === undefined ? [element] : [index, element];
    for (const [i, value] of values.entries()) {
      const name = (i === 0 ? first : second)?.names[0];
      if (name === undefined) break;
      if (pipe.assigns) this.#evaluator.assign(name, value);
      else {
        const variable = variables[mark - values.length + i];
        if (variable !== undefined) variable.value = value;
      }
    }
    frame.next = 0;
    frame.dot = element;
  }

  #jump(kind: "break" | "continue"): void {
    for (let frame = this.#top(); frame !== undefined; frame = this.#top()) {
      if (kind === "continue" && frame.loop !== undefined) {
        return this.#turn(frame, frame.loop);
      }
      this.#leave(frame);
      const isRange = frame.loop !== undefined || frame.isLoopElse === true;
      if (kind === "break" && isRange) return;
    }
  }

  #items(value: Result, variables: number): Iterator<Pair> {
    if (value === undefined) return [].values();
    const { kind } = value.type;
    if (isInteger(kind)) {
      if (variables > 1) throw this.#tooMany(value, " to iterate");
      return count(value);
    }
    switch (kind) {
      case "array":
      case "slice":
        return elements(value);
      case "map":
        return entries(value);
      case "chan":
        return received(value);
    }
    const { sequence } = value.type;
    if (sequence === 1 && variables > 1) throw this.#tooMany(value, " iterate");
    const steps = value.callable?.sequence?.();
    if (sequence === undefined || steps === undefined) {
      throw this.#evaluator.error(
        `range can't iterate over ${this.#shown(value)}`,
      );
    }
    return sequenced(steps, variables);
  }

  #tooMany(value: Value, verb: string): TemplateError {
    return this.#evaluator.error(
      `can't use ${this.#shown(value)}${verb} over more than one variable`,
    );
  }

  #shown(value: Value): ByteString {
    return sprint([unwrapInterface(value)], this.#options.budget);
  }
}

function* count(value: Value): Generator<Pair> {
  for (let i = 0n; i < value.int; i++) {
    yield [undefined, new Value(value.type, i)];
  }
}

function* elements(list: Value): Generator<Pair> {
  const length = lengthOf(list);
  for (let i = 0; i < length; i++) yield [intValue(i), elementOf(list, i)];
}

function* entries(map: Value): Generator<Pair> {
  for (const { key, value } of sortedEntries(map)) yield [key, value];
}

function* received(channel: Value): Generator<Pair> {
  const items: readonly unknown[] = Array.isArray(channel.data)
    ? channel.data
    : [];
  for (const [i, item] of items.entries()) {
    if (item instanceof Value) yield [intValue(i), item];
  }
}

function* sequenced(
  steps: Iterable<readonly Value[]>,
  variables: number,
): Generator<Pair> {
  for (const [first, second] of steps) {
    // With one variable it gets the first of two values.
    yield second !== undefined && variables > 1
      ? [first, second]
      : [undefined, first];
  }
}
