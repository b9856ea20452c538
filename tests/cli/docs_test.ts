import { match, strictEqual } from "node:assert/strict";
import { commandPage } from "../../src/cli/docs.ts";
import { sample } from "./sample_tool.ts";

Deno.test("commandPage() shows every command but the hidden ones", async () => {
  const page = await commandPage([sample]);
  match(page, /\n### sample group echo\n/);
  match(page, /\n### sample completion\n/);
  match(page, /\n```shell\nsample group echo word\n```\n/);
  match(page, /\nOther names: `say`\.\n/);
  match(page, /\n\| `-n, --name NAME` \| a name \|\n/);
  match(page, /\n\| `--limit N` \| a number \(default 3\) \|\n/);
  strictEqual(/sample group many|--secret/.test(page), false);
});
