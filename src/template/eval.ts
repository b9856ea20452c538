/**
 * Evaluates pipelines: fields, methods, functions and constants.
 *
 * @module
 */
import { prepareArgument } from "./builtins.ts";
import { type ByteString, toByteString, toText } from "./byte_string.ts";
import { bindMethod } from "./call.ts";
import { GoError, type MissingField, TemplateError } from "./errors.ts";
import type {
  FunctionMap,
  Surroundings,
  TemplateFunction,
} from "./function.ts";
import {
  type AnyNode,
  type ChainNode,
  type CommandNode,
  nodeText,
  type NumberNode,
  type Operand,
  type PipeNode,
  type VariableNode,
} from "./node.ts";
import { isSigned, isUnsigned } from "./kind.ts";
import { ERROR, pointerTo } from "./make_type.ts";
import {
  ANY,
  COMPLEX128,
  FLOAT64,
  INT,
  isNillable,
  REFLECT_VALUE,
  type Result,
  type Selector,
  STRING,
  type Type,
  Value,
} from "./type.ts";
import { isAssignable } from "./type_rules.ts";
import {
  addressOf,
  boolValue,
  contents,
  elem,
  fieldOf,
  fitInteger,
  indirect,
  mapEntry,
  stringValue,
  truth,
  unwrapInterface,
  wrap,
  zero,
} from "./value.ts";

/** What a missing key of a map gives. */
export type MissingKey = "invalid" | "zero" | "error";

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

  /** Starts without variables. */
  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.template = toByteString(options.root);
  }

  /** Makes the error of the node at hand. */
  error(
    detail: ByteString,
    options: ErrorOptions & { readonly missing?: MissingField } = {},
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
    switch (operand.type) {
      case "bool":
        return boolValue(operand.value);
      case "dot":
        return dot;
      case "number":
        return this.#number(operand);
      case "string":
        return stringValue(operand.value);
      default:
        throw this.error(`can't evaluate command ${nodeText(operand)}`);
    }
  }

  /** A number where nothing says which type it should have. */
  #number(node: NumberNode): Value {
    this.node = node;
    const { text, complex, float, int } = node;
    if (complex !== undefined) return new Value(COMPLEX128, complex);
    const isHexInteger = /^0[xX]/.test(text) && !/[pP]/.test(text);
    if (
      float !== undefined && !isHexInteger && !text.startsWith("'") &&
      /[.eEpP]/.test(text)
    ) return new Value(FLOAT64, float);
    if (int === undefined) throw this.error(`${text} overflows int`);
    return new Value(INT, int);
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
    return this.#plainField(value, name, { hasArguments, from, isNil });
  }

  #plainField(
    value: Value,
    name: string,
    options: {
      readonly hasArguments: boolean;
      readonly from: Value;
      readonly isNil: boolean;
    },
  ): Result {
    const { hasArguments, from, isNil } = options;
    const { kind } = value.type;
    if (kind === "struct") {
      const found = value.type.selector(name, "field");
      if (found !== undefined) {
        const field = this.#structField(value, found, from);
        if (hasArguments) {
          throw this.error(
            `${name} has arguments but cannot be invoked as function`,
          );
        }
        return field;
      }
    } else if (kind === "map" && isAssignable(STRING, value.type.key)) {
      if (hasArguments) {
        throw this.error(`${name} is not a method but has arguments`);
      }
      return this.#entry(value, name);
    } else if (kind === "ptr" && isNil) {
      const { elem } = value.type;
      const known = elem.kind !== "struct" ||
        elem.selector(name, "field") !== undefined;
      if (known) {
        throw this.error(`nil pointer evaluating ${goName(from)}.${name}`);
      }
    }
    throw this.error(`can't evaluate field ${name} in type ${goName(from)}`, {
      missing: { type: from.type.name, field: toText(name) },
    });
  }

  #structField(value: Value, found: Selector, from: Value): Value {
    const { path, field } = found;
    if (field === undefined) return value;
    if (field.unexported === true) {
      throw this.error(
        `${field.name} is an unexported field of struct type ${goName(from)}`,
      );
    }
    let holder = value;
    for (const step of path) {
      const inner = fieldOf(holder, step);
      const target = inner.type.kind === "ptr" ? elem(inner) : inner;
      if (target === undefined) {
        throw this.error(
          `reflect: indirection through nil pointer to embedded struct field ${step.name}`,
        );
      }
      holder = target;
    }
    return fieldOf(holder, field);
  }

  #entry(map: Value, name: string): Result {
    const found = mapEntry(map, stringValue(name));
    if (found !== undefined) return found;
    switch (this.#options.missingKey) {
      case "invalid":
        return undefined;
      case "zero":
        return zero(map.type.elem);
      case "error":
        throw this.error(`map has no entry for key "${name}"`);
    }
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
        return this.#literal(operand, type ?? ANY);
    }
  }

  /** A literal as a value of the type of a parameter. */
  #literal(operand: Operand, type: Type): Value {
    const { kind } = type;
    const found = (what: string) =>
      this.error(`expected ${what}; found ${nodeText(operand)}`);
    const number = operand.type === "number" ? operand : undefined;
    if (kind === "bool") {
      if (operand.type !== "bool") throw found("bool");
      return new Value(type, operand.value);
    }
    if (kind === "string") {
      if (operand.type !== "string") throw found("string");
      return new Value(type, operand.value);
    }
    if (isSigned(kind)) {
      if (number?.int === undefined) throw found("integer");
      return new Value(type, fitInteger(type, number.int));
    }
    if (isUnsigned(kind)) {
      if (number?.uint === undefined) throw found("unsigned integer");
      return new Value(type, fitInteger(type, number.uint));
    }
    if (kind === "float32" || kind === "float64") {
      if (number?.float === undefined) throw found("float");
      return wrap(type, number.float);
    }
    if (kind === "complex128") {
      if (number?.complex === undefined) throw found("complex");
      return new Value(type, number.complex);
    }
    const takesAny = type === REFLECT_VALUE ||
      (kind === "interface" && type.methods.size === 0);
    const value = takesAny ? this.#constant(undefined, operand) : undefined;
    if (value === undefined) {
      throw this.error(
        `can't handle ${nodeText(operand)} for arg of type ${type.name}`,
      );
    }
    return value;
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

function goName({ type }: Value): ByteString {
  return toByteString(type.name);
}

/** The type of a parameter; each of a variadic's arguments has its own. */
function parameterOf(type: Type, at: number): Type {
  const { parameters, variadic } = type;
  const last = parameters.length - 1;
  return variadic && at >= last
    ? parameters[last]?.elem ?? ANY
    : parameters[at] ?? ANY;
}

/** Takes values out of interfaces, as Go does in passing them. */
function prepared(type: Type, args: readonly Result[]): Result[] {
  return args.map((arg, i) =>
    parameterOf(type, i).kind === "interface" ? unwrapInterface(arg) : arg
  );
}

/** Gives a result the type that the function declares. */
function finish(type: Type, value: Result): Result {
  const [declared = ANY] = type.results;
  return declared.kind === "interface" ? wrap(declared, value) : value;
}

function resultProblem(name: string, { results }: Type): string | undefined {
  const [, second] = results;
  if (results.length === 1 || (results.length === 2 && second === ERROR)) {
    return undefined;
  }
  return second !== undefined && results.length === 2
    ? `invalid function signature for ${name}: second return value should be error; is ${second.name}`
    : `function ${name} has ${results.length} return values; should be 1 or 2`;
}

/** What `reflect.Value.String` gives. */
function reflectString(value: Result): ByteString {
  if (value === undefined) return "<invalid Value>";
  return value.type.kind === "string"
    ? value.string
    : `<${goName(value)} Value>`;
}

/** The function `call`: calls a function that is a value. */
function callValue(
  name: ByteString,
  [first, ...rest]: readonly Result[],
): Result {
  const callee = unwrapInterface(first);
  if (callee === undefined) throw new GoError("call of nil");
  const { type } = callee;
  if (type.kind !== "func") {
    throw new GoError(`non-function ${toText(name)} of type ${type.name}`);
  }
  const problem = resultProblem(name, type);
  if (problem !== undefined) throw new GoError(problem);
  const wanted = type.parameters.length;
  const count = (want: string) =>
    new GoError(
      `wrong number of args for ${
        toText(name)
      }: got ${rest.length} want ${want}`,
    );
  if (type.variadic && rest.length < wanted - 1) {
    throw count(`at least ${wanted - 1}`);
  }
  if (!type.variadic && rest.length !== wanted) throw count(String(wanted));
  const args = rest.map((arg, i) => {
    try {
      return prepareArgument(unwrapInterface(arg), parameterOf(type, i));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(`arg ${i}: ${error.message}`, { cause: error });
    }
  });
  if (callee.callable === undefined) {
    throw new GoError(
      "runtime error: invalid memory address or nil pointer dereference",
    );
  }
  return finish(type, callee.callable.call(prepared(type, args)));
}

/** How much a function has to go through, roughly. */
function sizeOf(arg: Result): number {
  const value = arg && unwrapInterface(arg);
  return value === undefined
    ? 0
    : value.string.length + (value.elements?.length ?? 0);
}
