import { strictEqual } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { versionValue } from "../../src/view/version.ts";

const view = versionValue({
  GoVer: "g",
  GoCompiler: "c",
  Platform: "p",
  VCSCommit: "1",
  VCSDate: "2",
  VCSRef: "3",
  VCSState: "4",
  VCSTag: "v5",
});

Deno.test("the version has fields, keys and aligned lines", () => {
  strictEqual(
    renderTemplate("{{.VCSTag}} {{json .}}", view),
    'v5 {"goVersion":"g","goCompiler":"c","platform":"p","vcsCommit":"1","vcsDate":"2","vcsRef":"3","vcsState":"4","vcsTag":"v5"}\n',
  );
  strictEqual(
    renderTemplate("{{printPretty .}}", view).split("\n")[0],
    "VCSTag:     v5",
  );
});
