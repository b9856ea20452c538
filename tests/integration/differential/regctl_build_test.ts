import { differentialTest } from "../../support/differential.ts";
import { BUILD } from "./regctl_cases.ts";
import { regctlWorld } from "./regctl_world.ts";

differentialTest("regctl", {
  name: "building",
  world: regctlWorld,
  cases: BUILD,
});
