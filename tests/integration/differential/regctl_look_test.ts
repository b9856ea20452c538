import { differentialTest } from "../../support/differential.ts";
import { LOOK } from "./regctl_cases.ts";
import { regctlWorld } from "./regctl_world.ts";

differentialTest("regctl", {
  name: "looking",
  world: regctlWorld,
  cases: LOOK,
});
