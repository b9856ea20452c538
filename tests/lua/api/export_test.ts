import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { HostStruct, type HostValue } from "../../../src/lua/codec.ts";
import {
  exportAny,
  exportStruct,
  exportValue,
} from "../../../src/lua/api/export.ts";
import { CONFIG, DESCRIPTOR } from "../../../src/lua/api/shape.ts";

/** A structure as plain data, each field under all its names. */
function plain(value: HostValue): unknown {
  if (!(value instanceof HostStruct)) return value;
  return Object.fromEntries(
    value.fields.flatMap(([names, field]) =>
      names.map((n) => [n, plain(field)])
    ),
  );
}

Deno.test("exportStruct() fills what is missing with zero values, and leaves out what Go points at", () => {
  const { Platform, platform, ...rest } = plain(
    exportStruct({ digest: "sha256:x", size: 5, data: "AQI=" }, DESCRIPTOR),
  ) as Record<string, unknown>;
  strictEqual(Platform, undefined);
  strictEqual(platform, undefined);
  deepStrictEqual(rest, {
    MediaType: "",
    mediaType: "",
    Digest: "sha256:x",
    digest: "sha256:x",
    Size: 5,
    size: 5,
    URLs: [],
    urls: [],
    Annotations: new Map(),
    annotations: new Map(),
    Data: [1, 2],
    data: [1, 2],
    ArtifactType: "",
    artifactType: "",
  });
});

Deno.test("exportStruct() shows ports and volumes", () => {
  const config = plain(
    exportStruct({ config: { ExposedPorts: { "80/tcp": {} } } }, CONFIG),
  ) as { config: { ExposedPorts: unknown } };
  deepStrictEqual(config.config.ExposedPorts, new Map([["80/tcp", new Map()]]));
});

Deno.test("exportValue() takes a value of another kind for none", () => {
  deepStrictEqual(
    [
      exportValue(5, "text"),
      exportValue("x", "number"),
      exportValue({}, { list: "text" }),
      exportValue(1, "bool"),
      exportValue("=", "bytes"),
    ],
    ["", 0, [], false, []],
  );
});

Deno.test("exportAny() keeps lists, objects and scalars", () => {
  deepStrictEqual(
    exportAny({ a: [1, "x", null, { b: true }] }),
    new Map([["a", [1, "x", undefined, new Map([["b", true]])]]]),
  );
});
