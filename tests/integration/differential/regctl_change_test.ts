import { differentialTest } from "../../support/differential.ts";
import { CHANGE } from "./regctl_cases.ts";
import { regctlWorld } from "./regctl_world.ts";

differentialTest("regctl", {
  name: "changing",
  world: regctlWorld,
  cases: CHANGE,
});
