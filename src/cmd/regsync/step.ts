/**
 * Runs a step of the file, and all of them.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { LogStruct } from "../../base/log.ts";
import type { SyncStep } from "../../config/regsync_steps.ts";
import { STEP } from "../../config/regsync_view.ts";
import { renderTemplate, toJson, wrap } from "../../template/mod.ts";
import { type Context, priorityOf, type Round } from "./context.ts";
import { each } from "./each.ts";
import { syncImage } from "./image.ts";
import { dependencies } from "./order.ts";
import { syncRegistry, syncRepository } from "./repository.ts";

/** A step to run. */
export interface StepTask {
  /** The step. */
  readonly step: SyncStep;
  /** Its index in the file. */
  readonly index: number;
  /** Copying starts after this. */
  readonly turn?: Promise<void> | undefined;
}

/**
 * Runs one step.
 *
 * @returns What failed.
 */
export async function runStep(
  task: StepTask,
  context: Context,
  round: Round,
): Promise<readonly unknown[]> {
  const { step, index, turn } = task;
  const { source, target } = step;
  const part = { step, index, source, target, turn };
  switch (step.type) {
    case "registry":
      return await syncRegistry(part, context, round);
    case "repository":
      return await syncRepository(part, context, round);
    case "image":
      return await syncImage(
        { ...part, priority: priorityOf(index) },
        context,
        round,
      );
    default:
      context.log.error(
        "Type not recognized, must be one of: registry, repository, or image",
        { step: stepStruct(step), type: step.type },
      );
      round.tally.addFailure({
        step: index,
        source,
        target,
        outcome: "failed",
        bytes: 0,
        milliseconds: 0,
        reason: "invalid input",
      });
      return [new RegError("config", "invalid input")];
  }
}

/** A step as Go prints it in logs. */
function stepStruct(step: SyncStep): LogStruct {
  const value = wrap(STEP, step);
  return {
    get logText() {
      return renderTemplate('{{ printf "%+v" . }}', value);
    },
    get logJson() {
      return JSON.parse(toJson(value));
    },
  };
}

/**
 * Runs all steps of a file at once, but for those that have to wait for others.
 *
 * @returns What failed, in the order of the file.
 */
export async function runAll(
  steps: readonly SyncStep[],
  context: Context,
  round: Round,
): Promise<readonly unknown[]> {
  // Nothing is written in a check, so nothing has to be waited for.
  const waits = round.action === "check" ? [] : dependencies(steps);
  const done: Promise<readonly unknown[]>[] = [];
  return await each(steps, round, {
    work: (step, turn, index) => {
      const before = (waits[index] ?? []).map((other) => done[other]);
      const work = Promise.all(before).then(() =>
        runStep({ step, index, turn }, context, round)
      );
      done.push(work);
      return work;
    },
  });
}
