import { deepStrictEqual, throws } from "node:assert/strict";
import { Log } from "../../../src/base/log.ts";
import {
  type ContentFlags,
  typesOf,
} from "../../../src/cmd/regctl/artifact_types.ts";
import { contentFlags } from "../../support/artifacts.ts";

const EMPTY = "application/vnd.oci.empty.v1+json";

/** The types that flags lead to, and what is warned of. */
function types(flags: Partial<ContentFlags>) {
  const warnings: string[] = [];
  const log = new Log(4, ({ message }) => warnings.push(message));
  const found = typesOf(contentFlags(flags), log);
  return { ...found, warnings };
}

Deno.test("typesOf() takes the artifact's type for its only file, and bytes where there is none", () => {
  deepStrictEqual(types({ "artifact-type": "a/b" }), {
    artifact: "a/b",
    config: EMPTY,
    files: ["a/b"],
    warnings: [],
  });
  deepStrictEqual(types({}), {
    artifact: "application/vnd.unknown.config+json",
    config: EMPTY,
    files: ["application/octet-stream"],
    warnings: ["using default value for artifact-type is not recommended"],
  });
});

Deno.test("typesOf() takes the artifact's type for a config file without one", () => {
  const config = { "artifact-type": "a/b", "config-file": "c" };
  deepStrictEqual(types(config), {
    artifact: "a/b",
    config: "a/b",
    files: ["a/b"],
    warnings: ["setting config-type using artifact-type"],
  });
  deepStrictEqual(types({ "config-type": "c/d" }).artifact, undefined);
});

Deno.test("typesOf() refuses files without types, and types that are none", () => {
  throws(() => types({ file: ["a", "b"] }), /one artifact media-type must be/);
  throws(
    () => types({ file: ["a"], "file-media-type": ["a/b", "c/d"] }),
    /one artifact media-type must be/,
  );
  throws(() => types({ "config-file": "c" }), /config-type is required/);
  throws(() => types({ "artifact-type": "not one" }), /invalid media type/);
});
