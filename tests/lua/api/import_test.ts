import { deepStrictEqual } from "node:assert/strict";
import { LuaTable, type LuaValue } from "../../../src/lua/codec.ts";
import { importStruct } from "../../../src/lua/api/import.ts";
import { CONFIG, DESCRIPTOR, IMAGE } from "../../../src/lua/api/shape.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A value as a script hands it over. */
function lua(value: unknown): LuaValue {
  if (typeof value === "string") return bytes(value);
  if (Array.isArray(value)) return new LuaTable(value.map(lua), new Map());
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([k, v]) => [k, lua(v)] as const);
    return new LuaTable([], new Map(fields));
  }
  return typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
}

Deno.test("importStruct() keeps members that no structure knows, and times", () => {
  const before = {
    created: "2026-01-02T03:04:05.1+02:00",
    extra: { a: 1 },
    history: [{ created: "2026-01-02T03:04:05Z", created_by: "x", more: 1 }],
  };
  const edited = lua({ created: "changed", history: [{ created_by: "y" }] });
  deepStrictEqual(importStruct(edited, CONFIG, before), {
    created: "2026-01-02T03:04:05.1+02:00",
    extra: { a: 1 },
    history: [{ created: "2026-01-02T03:04:05Z", created_by: "y", more: 1 }],
  });
});

Deno.test("importStruct() takes a scalar that was changed under either name", () => {
  const before = { mediaType: "a", digest: "sha256:x", size: 1 };
  const edit = (change: object) =>
    importStruct(
      lua({
        MediaType: "a",
        mediaType: "a",
        Digest: "sha256:x",
        digest: "sha256:x",
        Size: 1,
        size: 1,
        ...change,
      }),
      DESCRIPTOR,
      before,
    );
  deepStrictEqual(edit({ size: 5 }), { ...before, size: 5 });
  deepStrictEqual(edit({ Size: 5 }), { ...before, size: 5 });
  deepStrictEqual(edit({ size: 6, Size: 5 }), { ...before, size: 6 });
  deepStrictEqual(edit({ size: "no number" }), { ...before, size: 0 });
  deepStrictEqual(edit({}), before);
  deepStrictEqual(edit({ size: undefined }), { ...before, size: 0 });
  deepStrictEqual(edit({ Size: undefined }), before);
});

Deno.test("importStruct() drops a table that was set to nil, though the other name has it", () => {
  const platform = { os: "linux", architecture: "amd64" };
  const before = {
    mediaType: "a",
    digest: "sha256:x",
    size: 1,
    platform,
    annotations: { a: "b" },
  };
  const edit = (change: object) =>
    importStruct(
      lua({
        mediaType: "a",
        digest: "sha256:x",
        size: 1,
        Platform: platform,
        platform,
        Annotations: { a: "b" },
        annotations: { a: "b" },
        ...change,
      }),
      DESCRIPTOR,
      before,
    );
  deepStrictEqual(edit({}), before);
  const { platform: _, ...without } = before;
  deepStrictEqual(edit({ platform: undefined }), without);
  deepStrictEqual(edit({ annotations: undefined }), {
    ...before,
    annotations: {},
  });
  deepStrictEqual(
    importStruct(lua({ Platform: platform }), DESCRIPTOR, {}),
    { platform },
  );
});

Deno.test("importStruct() takes bytes that were changed, and spells the others as they were", () => {
  const before = { mediaType: "a", digest: "sha256:x", size: 2, data: "QUI" };
  const edit = (data: unknown) =>
    importStruct(lua({ ...before, data, Data: data }), DESCRIPTOR, before);
  deepStrictEqual(edit([65, 66]), before);
  deepStrictEqual(edit([65, 67]), { ...before, data: "QUM=" });
});

Deno.test("importStruct() finds the old entry of a list by its digest", () => {
  const layer = (digest: string, more: object) => ({
    mediaType: "l",
    digest,
    size: 1,
    ...more,
  });
  const before = {
    layers: [layer("sha256:a", { x: 1 }), layer("sha256:b", { x: 2 })],
  };
  const edited = lua({
    layers: [{ mediaType: "l", digest: "sha256:b", size: 1 }],
  });
  deepStrictEqual(importStruct(edited, IMAGE, before), {
    layers: [layer("sha256:b", { x: 2 })],
  });
});

Deno.test("importStruct() adds and removes keys of maps, and drops what became nil", () => {
  const before = {
    annotations: { a: "1", b: "2" },
    subject: { mediaType: "m", digest: "sha256:x", size: 1 },
  };
  deepStrictEqual(
    importStruct(lua({ annotations: { b: "3", c: "4" } }), IMAGE, before),
    { annotations: { b: "3", c: "4" } },
  );
});

Deno.test("importStruct() adds no empty members", () => {
  deepStrictEqual(
    importStruct(
      lua({
        annotations: {},
        mediaType: "",
        layers: [],
        config: { digest: "", size: 0 },
      }),
      IMAGE,
      {},
    ),
    {},
  );
});
