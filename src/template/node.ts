/**
 * The parse tree of a template, and its text for messages.
 *
 * @module
 */
import type { ByteString } from "./byte_string.ts";
import type { NumberLiteral } from "./number_literal.ts";
import { quote } from "./quote.ts";

/** Where a node stands. */
export interface Position {
  /** The byte in the template's text. */
  readonly at: number;
}

/** `$x`, or `$x.Field.Field`. */
export interface VariableNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "variable";
  /** The name with its `$`, and the fields. */
  readonly names: readonly string[];
}

/** An operand of a command. */
export type Operand =
  | VariableNode
  | Position & { readonly type: "bool"; readonly value: boolean }
  | Position & { readonly type: "dot" | "nil" }
  | FieldNode
  | IdentifierNode
  | ChainNode
  | NumberNode
  | Position & {
    readonly type: "string";
    readonly quoted: ByteString;
    readonly value: ByteString;
  }
  | PipeNode;

/** `.Field.Field`. */
export interface FieldNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "field";
  /** The names, without dots. */
  readonly names: readonly string[];
}

/** The name of a function. */
export interface IdentifierNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "identifier";
  /** The name. */
  readonly name: string;
}

/** `(…).Field`, or `function.Field`. */
export interface ChainNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "chain";
  /** What has the fields. */
  readonly operand: Operand;
  /** The names, without dots. */
  readonly names: readonly string[];
}

/** A number. */
export interface NumberNode extends Position, NumberLiteral {
  /** Tells the nodes apart. */
  readonly type: "number";
}

/** An operand and its arguments. */
export interface CommandNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "command";
  /** The operand, then the arguments. */
  readonly args: readonly Operand[];
}

/** Commands, each of which gets the result of the one before. */
export interface PipeNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "pipe";
  /** The variables that get the result. */
  readonly variables: readonly VariableNode[];
  /** Whether the variables exist already. */
  readonly assigns: boolean;
  /** The commands. */
  readonly commands: readonly CommandNode[];
}

/** `if`, `with` or `range`. */
export interface BranchNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "if" | "with" | "range";
  /** What is tested or ranged over. */
  readonly pipe: PipeNode;
  /** What runs if there is something. */
  readonly body: readonly Node[];
  /** What runs otherwise. */
  readonly otherwise: readonly Node[] | undefined;
}

/** `template`, or `block`. */
export interface TemplateNode extends Position {
  /** Tells the nodes apart. */
  readonly type: "template";
  /** The template to run. */
  readonly name: ByteString;
  /** What its dot will be. */
  readonly pipe: PipeNode | undefined;
}

/** A node that runs. */
export type Node =
  | Position & { readonly type: "text"; readonly text: ByteString }
  | Position & { readonly type: "action"; readonly pipe: PipeNode }
  | Position & { readonly type: "break" | "continue" }
  | BranchNode
  | TemplateNode;

/** Anything that a message can point at. */
export type AnyNode = Operand | CommandNode | Node;

/** Writes a node as Go's messages show it. */
export function nodeText(node: AnyNode): ByteString {
  switch (node.type) {
    case "variable":
      return node.names.join(".");
    case "bool":
      return String(node.value);
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "field":
      return node.names.map((name) => `.${name}`).join("");
    case "identifier":
      return node.name;
    case "chain":
      return `${operandText(node.operand)}${
        node.names.map((name) => `.${name}`).join("")
      }`;
    case "number":
      return node.text;
    case "string":
      return node.quoted;
    case "command":
      return node.args.map(operandText).join(" ");
    case "pipe":
      return pipeText(node);
    case "text":
      return node.text;
    case "action":
      return `{{${pipeText(node.pipe)}}}`;
    case "template": {
      const pipe = node.pipe === undefined ? "" : ` ${pipeText(node.pipe)}`;
      return `{{template ${quote(node.name)}${pipe}}}`;
    }
    case "break":
    case "continue":
      return `{{${node.type}}}`;
    default:
      return `{{${node.type} ${pipeText(node.pipe)}}}`;
  }
}

function operandText(operand: Operand): ByteString {
  const text = nodeText(operand);
  return operand.type === "pipe" ? `(${text})` : text;
}

function pipeText(pipe: PipeNode): ByteString {
  const commands = pipe.commands.map(nodeText).join(" | ");
  if (pipe.variables.length === 0) return commands;
  const names = pipe.variables.map(nodeText).join(", ");
  return `${names} ${pipe.assigns ? "=" : ":="} ${commands}`;
}
