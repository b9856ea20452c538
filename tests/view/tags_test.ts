import { strictEqual } from "node:assert/strict";
import { renderTemplate } from "../../src/template/mod.ts";
import { parseBody, tagListView } from "../../src/view/tags.ts";

const encode = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value));
const page = (value: unknown) => ({
  names: [],
  bytes: encode(value),
  headers: new Headers({ "x-a": "1" }),
});

Deno.test("a list of tags has the filtered tags, and the page as it came", () => {
  const view = tagListView({
    tags: ["v2", "v1"],
    page: page({ name: "acme/app", tags: ["v2", "v1", "x"] }),
  });
  strictEqual(
    renderTemplate("{{.Name}} {{.Tags}} {{.RawHeaders}} {{json .}}", view),
    'acme/app [v2 v1] map[X-A:[1]] {"name":"acme/app","tags":["v2","v1","x"]}\n',
  );
});

Deno.test("a list of tags says where it came from; a layout's does not", () => {
  const url = "http://reg.example:5000/v2/acme/app/tags/list?n=2";
  const template = "{{.GetURL}} {{with .GetURL}}{{.Host}} {{.Path}}{{end}}";
  strictEqual(
    renderTemplate(
      template,
      tagListView({ tags: [], page: { ...page({}), url } }),
    ),
    `${url} reg.example:5000 /v2/acme/app/tags/list`,
  );
  strictEqual(renderTemplate(template, tagListView({ tags: [] })), "<nil> ");
});

Deno.test("the pretty text sorts the list, as upstream's does", () => {
  strictEqual(
    renderTemplate(
      "{{.Tags}}{{printPretty .}}{{.Tags}}",
      tagListView({ tags: ["b", "a"] }),
    ),
    "[b a]a\nb\n[a b]",
  );
});

Deno.test("what Google's registry adds is there", () => {
  const view = tagListView({
    tags: [],
    page: page({
      child: ["c"],
      manifest: {
        "sha256:a": {
          imageSizeBytes: "5",
          mediaType: "m",
          tag: ["t"],
          timeCreatedMs: "1000",
        },
      },
    }),
  });
  strictEqual(
    renderTemplate(
      "{{.Children}}{{range $d, $m := .Manifests}}{{$d}} {{$m.Size}} {{$m.Tags}} {{$m.Created.Unix}}{{end}}",
      view,
    ),
    "[c]sha256:a 5 [t] 1",
  );
});

Deno.test("the index of a layout is there", () => {
  const view = tagListView({
    tags: ["v1"],
    page: page({ schemaVersion: 2, manifests: [{ digest: "sha256:a" }] }),
  });
  strictEqual(
    renderTemplate(
      "{{range .Index.Manifests}}{{.Digest}}{{end}}|{{.Name}}",
      view,
    ),
    "sha256:a|",
  );
});

Deno.test("parseBody() forgives", () => {
  strictEqual(parseBody(new Uint8Array([123])), undefined);
});
