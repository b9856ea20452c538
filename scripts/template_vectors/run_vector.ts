/**
 * Runs template vectors and compares.
 *
 * @module
 */
import {
  FUNCTIONS,
  type MissingKey,
  type Result,
  Template,
  TemplateError,
  valueFromJson,
  valueOf,
} from "../../src/template/mod.ts";
import { buildFixture } from "./fixture.ts";
import { TEST_FUNCTIONS } from "./test_functions.ts";
import type { VectorCase, VectorFile } from "./vector_file.ts";

/** What became of a case. */
export interface VectorResult {
  /** The case. */
  readonly vector: VectorCase;
  /** What differs; `undefined` where it passes. */
  readonly problem?: string | undefined;
  /** Whether the text of the error and the output before it are Go's too. */
  readonly isStrict: boolean;
}

/** What a template gave. */
interface Outcome {
  readonly output: Uint8Array;
  readonly error?: unknown;
}

/** Runs all cases of a file. */
export function runVectors(file: VectorFile): VectorResult[] {
  return file.cases.map((vector) => {
    const outcome = run(vector, file);
    const problem = vector.error === undefined
      ? compareOutput(vector, outcome)
      : compareError(vector, outcome);
    const isStrict = problem === undefined && hasSameText(vector, outcome);
    return { vector, problem, isStrict };
  });
}

function run(vector: VectorCase, file: VectorFile): Outcome {
  const parts: Uint8Array[] = [];
  const output = () => new Uint8Array(parts.flatMap((part) => [...part]));
  try {
    const text = vector.templateBase64 === undefined
      ? vector.template ?? ""
      : fromBase64(vector.templateBase64);
    const functions = vector.funcs === "test"
      ? TEST_FUNCTIONS
      : vector.funcs === "regclient"
      ? FUNCTIONS
      : new Map();
    const template = new Template(text, { functions });
    template.execute(dataOf(vector, file), {
      write: (bytes) => parts.push(bytes),
      env: (name) => vector.env?.[name],
      readFile: (path) => {
        const found = vector.files?.[path];
        if (found === undefined) throw new Error(`No file "${path}"`);
        return found;
      },
      missingKey: missingKeyOf(vector),
    });
    return { output: output() };
  } catch (error) {
    return { output: output(), error };
  }
}

function dataOf(vector: VectorCase, file: VectorFile): Result {
  if (vector.dataKind === "json") {
    return vector.dataText === undefined
      ? valueOf(vector.data)
      : valueFromJson(vector.dataText);
  }
  const fixture = file.fixtures[vector.fixture ?? ""];
  if (fixture === undefined) throw new Error(`No fixture "${vector.fixture}"`);
  return buildFixture(fixture, file);
}

function missingKeyOf({ options = [] }: VectorCase): MissingKey {
  let found: MissingKey = "invalid";
  for (const option of options) {
    const value = option.replace("missingkey=", "");
    found = value === "zero" || value === "error" ? value : "invalid";
  }
  return found;
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

function compareOutput(
  vector: VectorCase,
  { output, error }: Outcome,
): string | undefined {
  if (error !== undefined) return `failed: ${describe(error)}`;
  const wanted = vector.outputBase64 === undefined
    ? new TextEncoder().encode(vector.output ?? "")
    : fromBase64(vector.outputBase64);
  const isSame = wanted.length === output.length &&
    wanted.every((byte, i) => byte === output[i]);
  return isSame ? undefined : `printed ${JSON.stringify(decode(output))}`;
}

function describe(error: unknown): string {
  if (error instanceof TemplateError) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function compareError(
  vector: VectorCase,
  { output, error }: Outcome,
): string | undefined {
  if (error === undefined) {
    return `printed ${JSON.stringify(decode(output))} and did not fail`;
  }
  if (!(error instanceof TemplateError)) return describe(error);
  const { errorStage, errorLine, errorAt, errorAction } = vector;
  if (error.stage !== errorStage) return `failed in ${error.stage}: ${error}`;
  if (!error.message.includes(`template: out:${errorLine}:`)) {
    return `failed elsewhere: ${error.message}`;
  }
  if (errorStage === "parse") return undefined;
  const isNamed = [errorAt, errorAction, errorAction?.slice(2, -2)].some(
    (text) => text !== undefined && error.message.includes(text),
  );
  return isNamed ? undefined : `names something else: ${error.message}`;
}

function hasSameText(vector: VectorCase, { output, error }: Outcome): boolean {
  if (vector.error === undefined) return true;
  return error instanceof TemplateError && error.message === vector.error &&
    decode(output) === (vector.partialOutput ?? "");
}
