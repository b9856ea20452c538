import { strictEqual } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { repositoryListView } from "../../src/view/repositories.ts";

Deno.test("a list of repositories has names, pretty text and its body as JSON", () => {
  const bytes = new TextEncoder().encode('{"repositories":["b","a"]}');
  const view = repositoryListView({
    host: "localhost:5000",
    repositories: ["b", "a"],
    page: { names: [], bytes },
  });
  strictEqual(
    renderTemplate(
      "{{.Repositories}} {{.GetRepos}} {{json .}}{{printPretty .}}{{.RawHeaders}}",
      view,
    ),
    '[b a] [b a] {"repositories":["b","a"]}\na\nb\nmap[]',
  );
});
