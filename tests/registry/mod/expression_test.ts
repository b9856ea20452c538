import { strictEqual, throws } from "node:assert/strict";
import { compileExpression } from "../../../src/registry/mod/expression.ts";
import { removeBuildArgument } from "../../../src/registry/mod/config_changes.ts";
import { removeLayersCreatedBy } from "../../../src/registry/mod/layer_changes.ts";

Deno.test("compileExpression() takes what RE2 takes, and names what it does not", () => {
  strictEqual(compileExpression("(?i)ab").matcher("xAB").find(), true);
  const wrong = {
    code: "usage",
    message:
      'Cannot parse regular expression "(": error parsing regexp: missing closing ): `(`',
  };
  throws(() => compileExpression("("), wrong);
  throws(() => removeBuildArgument("name", "("), wrong);
  throws(() => removeLayersCreatedBy("("), wrong);
});
