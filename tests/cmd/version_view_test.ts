import { match, strictEqual } from "node:assert/strict";
import { versionText, versionView } from "../../src/cmd/version_view.ts";

Deno.test("versionText() aligns the facts in upstream's order", () => {
  const lines = versionText(versionView()).trimEnd().split("\n");
  strictEqual(
    lines.map((line) => line.split(":")[0]).join(" "),
    "VCSTag VCSRef VCSCommit VCSState VCSDate Platform GoVer GoCompiler",
  );
  for (const line of lines) match(line, /^\w+: +\S/);
  strictEqual(new Set(lines.map((line) => line.search(/(?<=: +)\S/))).size, 1);
});

Deno.test("versionView() names the platform as Go does", () => {
  match(versionView().Platform, /^\w+\/(amd64|arm64)$/);
});
