/**
 * Evaluates pipelines: fields, methods, functions and constants.
 *
 * @module
 */
import { type ByteString, toByteString, toText } from "./byte_string.ts";
import { bindMethod } from "./call.ts";
import {
  callValue,
  finish,
  goName,
  parameterOf,
  prepared,
  reflectString,
  resultProblem,
  sizeOf,
} from "./calling.ts";
import {
  type Fail,
  type FailOptions,
  GoError,
  TemplateError,
} from "./errors.ts";
import type {
  FunctionMap,
  Surroundings,
  TemplateFunction,
} from "./function.ts";
import { constantValue, literalValue } from "./literal_value.ts";
import { pointerTo } from "./make_type.ts";
import {
  type AnyNode,
  type ChainNode,
  type CommandNode,
  nodeText,
  type Operand,
  type PipeNode,
  type VariableNode,
} from "./node.ts";
import { type MissingKey, plainField } from "./plain_field.ts";
import {
  ANY,
  isNillable,
  REFLECT_VALUE,
  type Result,
  type Type,
  Value,
} from "./type.ts";
import { isAssignable } from "./type_rules.ts";
import {
  addressOf,
  contents,
  elem,
  indirect,
  truth,
  unwrapInterface,
  zero,
} from "./value.ts";

/** Says that nothing came down the pipeline, which is not the same as nil. */
const NOTHING = new Value(ANY, null);

interface Variable {
  readonly name: string;
  value: Result;
}

interface Call {
  readonly type: Type;
  readonly run: (args: readonly Result[]) => Result;
  /** It is `and`, `or` or `call` itself. */
  readonly special?: "and" | "or" | "call" | undefined;
}

interface Arguments {
  /** The operands, without the function. */
  readonly operands: readonly Operand[];
  /** What came down the pipeline, as last argument. */
  readonly final: Result;
}

const NO_ARGUMENTS: Arguments = { operands: [], final: NOTHING };

/** What an evaluator works with. */
export interface EvaluatorOptions {
  /** The name of the root template, for messages. */
  readonly root: string;
  /** The text of the template, for messages. */
  readonly text: ByteString;
  /** The functions there are. */
  readonly functions: FunctionMap;
  /** The functions of Go itself, which the others may hide. */
  readonly builtins: FunctionMap;
  /** What a missing key of a map gives. */
  readonly missingKey: MissingKey;
  /** What functions may reach. */
  readonly surroundings: Surroundings;
}

/** Evaluates pipelines; knows the variables, and the node that errors name. */
export class Evaluator {
  /** The variables, the innermost last. */
  variables: Variable[] = [];
  /** The name of the template that runs. */
  template: ByteString;
  /** The node that an error would name. */
  node: AnyNode | undefined;
  readonly #options: EvaluatorOptions;
  readonly #fail: Fail = (detail, options) => this.error(detail, options);

  /** Starts without variables. */
  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.template = toByteString(options.root);
  }

  /** Makes the error of the node at hand. */
  error(
    detail: ByteString,
    options: FailOptions = {},
  ): TemplateError {
    const { text, root } = this.#options;
    const before = text.slice(0, this.node?.at ?? 0);
    return new TemplateError("exec", {
      line: before.split("\n").length,
      column: before.length - (before.lastIndexOf("\n") + 1),
      template: toText(this.template),
      context: this.node === undefined ? "" : toText(nodeText(this.node)),
      detail: toText(detail),
      missing: options.missing,
    }, { root, ...options });
  }

  /** Sets the innermost variable of a name. */
  assign(name: string, value: Result): void {
    const found = this.#find(name);
    found.value = value;
  }

  #find(name: string): Variable {
    for (let i = this.variables.length - 1; i >= 0; i--) {
      const variable = this.variables[i];
      if (variable?.name === name) return variable;
    }
    throw this.error(`undefined variable: ${name}`);
  }

  /** Evaluates a pipeline and sets its variables. */
  pipeline(dot: Result, pipe: PipeNode): Result {
    this.node = pipe;
    let value: Result = NOTHING;
    for (const command of pipe.commands) {
      value = this.#command(dot, command, value);
      if (value?.type.kind === "interface" && value.type.methods.size === 0) {
        value = contents(value);
      }
    }
    for (const { names: [name = ""] } of pipe.variables) {
      if (pipe.assigns) this.assign(name, value);
      else this.variables.push({ name, value });
    }
    return value;
  }

  #command(dot: Result, command: CommandNode, final: Result): Result {
    const [first, ...operands] = command.args;
    const args: Arguments = { operands, final };
    if (first === undefined) throw this.error("empty command");
    switch (first.type) {
      case "field":
        this.node = first;
        return this.#fields(dot, first.names, { ...args, from: dot });
      case "chain":
        return this.#chain(dot, first, args);
      case "identifier":
        this.node = first;
        return this.#function(dot, first.name, { ...args, node: command });
      case "pipe":
        this.#refuseArguments(first, args);
        return this.pipeline(dot, first);
      case "variable":
        return this.#variable(dot, first, args);
    }
    this.node = first;
    this.#refuseArguments(first, args);
    if (first.type === "nil") throw this.error("nil is not a command");
    return this.#constant(dot, first);
  }

  #refuseArguments(operand: Operand, { operands, final }: Arguments): void {
    if (operands.length > 0 || final !== NOTHING) {
      throw this.error(
        `can't give argument to non-function ${nodeText(operand)}`,
      );
    }
  }

  /** A literal, or dot. */
  #constant(dot: Result, operand: Operand): Result {
    if (operand.type === "dot") return dot;
    if (operand.type === "number") this.node = operand;
    return constantValue(operand, this.#fail);
  }

  #variable(dot: Result, node: VariableNode, args: Arguments): Result {
    this.node = node;
    const [name = "", ...fields] = node.names;
    const { value } = this.#find(name);
    if (fields.length === 0) {
      this.#refuseArguments(node, args);
      return value;
    }
    return this.#fields(dot, fields, { ...args, from: value });
  }

  #chain(dot: Result, chain: ChainNode, args: Arguments): Result {
    this.node = chain;
    if (chain.operand.type === "nil") {
      throw this.error(
        `indirection through explicit nil in ${nodeText(chain)}`,
      );
    }
    const from = this.#argument(dot, undefined, chain.operand);
    return this.#fields(dot, chain.names, { ...args, from, node: chain });
  }

  /** Follows fields; the last one gets the arguments, should it be a method. */
  #fields(
    dot: Result,
    names: readonly string[],
    options: Arguments & { readonly from: Result; readonly node?: AnyNode },
  ): Result {
    const { from, node = this.node, ...args } = options;
    let value = from;
    for (const [i, name] of names.entries()) {
      const last = i === names.length - 1;
      value = this.#field(dot, name, {
        ...(last ? args : NO_ARGUMENTS),
        from: value,
        node,
      });
    }
    return value;
  }

  #field(
    dot: Result,
    name: string,
    options: Arguments & {
      readonly from: Result;
      readonly node: AnyNode | undefined;
    },
  ): Result {
    const { from, node, operands, final } = options;
    if (from === undefined) {
      if (this.#options.missingKey !== "error") return undefined;
      throw this.error(`nil data; no entry for key "${name}"`);
    }
    const { value, isNil } = indirect(from);
    const nilError = () =>
      this.error(`nil pointer evaluating ${goName(from)}.${name}`);
    if (value === undefined || (isNil && value.type.kind === "interface")) {
      throw nilError();
    }
    const method = bindMethod(value, name);
    if (method?.callable !== undefined) {
      const { type, callable } = method;
      const call: Call = { type, run: (args) => callable.call(args) };
      return this.#call(dot, call, { name, node, operands, final });
    }
    const hasArguments = operands.length > 0 || final !== NOTHING;
    const { missingKey } = this.#options;
    return plainField(value, name, {
      hasArguments,
      from,
      isNil,
      missingKey,
      fail: this.#fail,
    });
  }

  #function(
    dot: Result,
    name: string,
    options: Arguments & { readonly node: AnyNode },
  ): Result {
    const { functions, builtins, surroundings } = this.#options;
    const added = functions.get(name);
    const found: TemplateFunction | undefined = added ?? builtins.get(name);
    if (found === undefined) {
      throw this.error(`"${name}" is not a defined function`);
    }
    const isSpecial = added === undefined &&
      (name === "and" || name === "or" || name === "call");
    const call: Call = {
      type: found.type,
      run: (args) => {
        for (const arg of args) surroundings.budget.step(sizeOf(arg));
        return found.call(args, surroundings);
      },
      special: isSpecial ? name : undefined,
    };
    return this.#call(dot, call, { ...options, name });
  }

  #call(
    dot: Result,
    call: Call,
    options: Arguments & {
      readonly name: string;
      readonly node: AnyNode | undefined;
    },
  ): Result {
    const { name, node, operands, final } = options;
    const { type, special } = call;
    this.#checkCall(type, options);
    if (special === "and" || special === "or") {
      return this.#shortCircuit(dot, special === "or", options);
    }
    const args = operands.map((operand, i) =>
      this.#argument(dot, parameterOf(type, i), operand)
    );
    if (final !== NOTHING) {
      args.push(this.#validate(final, parameterOf(type, args.length)));
    }
    try {
      if (special !== "call") {
        return finish(type, call.run(prepared(type, args)));
      }
      const callee = operands[0] === undefined
        ? reflectString(final)
        : nodeText(operands[0]);
      return callValue(callee, args);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      this.node = node;
      throw this.error(
        `error calling ${name}: ${toByteString(error.message)}`,
        { cause: error },
      );
    }
  }

  #checkCall(
    type: Type,
    options: Arguments & { readonly name: string },
  ): void {
    const { name, operands, final } = options;
    const count = operands.length + (final === NOTHING ? 0 : 1);
    const wanted = type.parameters.length;
    if (type.variadic && count < wanted - 1) {
      throw this.error(
        `wrong number of args for ${name}: want at least ${
          wanted - 1
        } got ${operands.length}`,
      );
    }
    if (!type.variadic && count !== wanted) {
      throw this.error(
        `wrong number of args for ${name}: want ${wanted} got ${count}`,
      );
    }
    const problem = resultProblem(name, type);
    if (problem !== undefined) throw this.error(problem);
  }

  #shortCircuit(
    dot: Result,
    stopAt: boolean,
    { operands, final }: Arguments,
  ): Result {
    let value: Result;
    for (const operand of operands) {
      value = this.#argument(dot, REFLECT_VALUE, operand);
      if (truth(unwrapInterface(value)) === stopAt) return value;
    }
    return final === NOTHING ? value : this.#validate(final, REFLECT_VALUE);
  }

  /** Evaluates an argument for a parameter; no type takes anything. */
  #argument(dot: Result, type: Type | undefined, operand: Operand): Result {
    this.node = operand;
    switch (operand.type) {
      case "dot":
        return this.#validate(dot, type);
      case "nil":
        if (type !== undefined && isNillable(type)) {
          return type === REFLECT_VALUE ? undefined : zero(type);
        }
        throw this.error(`cannot assign nil to ${type?.name}`);
      case "field":
        return this.#validate(
          this.#fields(dot, operand.names, { ...NO_ARGUMENTS, from: dot }),
          type,
        );
      case "variable":
        return this.#validate(this.#variable(dot, operand, NO_ARGUMENTS), type);
      case "pipe":
        return this.#validate(this.pipeline(dot, operand), type);
      case "identifier":
        return this.#validate(
          this.#function(dot, operand.name, { ...NO_ARGUMENTS, node: operand }),
          type,
        );
      case "chain":
        return this.#validate(this.#chain(dot, operand, NO_ARGUMENTS), type);
      default:
        return literalValue(operand, type ?? ANY, this.#fail);
    }
  }

  /** Makes sure that a value can be given to a parameter. */
  #validate(value: Result, type: Type | undefined): Result {
    if (type === undefined) return value;
    if (value === undefined) {
      if (!isNillable(type)) {
        throw this.error(`invalid value; expected ${type.name}`);
      }
      return type === REFLECT_VALUE ? undefined : zero(type);
    }
    if (type === REFLECT_VALUE || isAssignable(value.type, type)) return value;
    const inner = value.type.kind === "interface" ? contents(value) : undefined;
    const given = inner ?? value;
    if (isAssignable(given.type, type)) return given;
    if (given.type.kind === "ptr" && isAssignable(given.type.elem, type)) {
      const target = elem(given);
      if (target !== undefined) return target;
      throw this.error(`dereference of nil pointer of type ${type.name}`);
    }
    if (
      given.traits.addressable === true &&
      isAssignable(pointerTo(given.type), type)
    ) return addressOf(given);
    throw this.error(
      `wrong type for value; expected ${type.name}; got ${goName(given)}`,
    );
  }
}
