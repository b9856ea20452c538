/**
 * Platforms as templates see them.
 *
 * @module
 */
import {
  elementOf,
  lengthOf,
  STRING,
  structType,
  textOf,
  type Type,
  type Value,
} from "../template/mod.ts";
import type { Platform } from "../registry/core.ts";
import { formatPlatform } from "../registry/platform.ts";
import { field, getter, jsonField, textField, TEXTS } from "./declare.ts";

/** `platform.Platform`. */
export const PLATFORM: Type = structType("platform.Platform", {
  fields: () => [
    jsonField("Architecture", STRING, { json: "architecture" }),
    jsonField("OS", STRING, { json: "os" }),
    jsonField("OSVersion", STRING, { json: "os.version,omitempty" }),
    jsonField("OSFeatures", TEXTS, { json: "os.features,omitempty" }),
    jsonField("Variant", STRING, { json: "variant,omitempty" }),
    jsonField("Features", TEXTS, { json: "features,omitempty" }),
  ],
  methods: () => [
    getter("String", STRING, {
      read: (self) => formatPlatform(platformOf(self)),
    }),
  ],
});

/** The texts of a list. */
export function textsOf(list: Value): string[] {
  return Array.from(
    { length: lengthOf(list) },
    (_, i) => textOf(elementOf(list, i)),
  );
}

/** The platform that a view shows. */
export function platformOf(view: Value): Platform {
  const optional = (key: string, name: string) => {
    const text = textField(view, name);
    return text === "" ? {} : { [key]: text };
  };
  const list = (key: string, name: string) => {
    const found = field(view, name);
    return found.isNil ? {} : { [key]: textsOf(found) };
  };
  return {
    architecture: textField(view, "Architecture"),
    os: textField(view, "OS"),
    ...optional("os.version", "OSVersion"),
    ...list("os.features", "OSFeatures"),
    ...optional("variant", "Variant"),
    ...list("features", "Features"),
  };
}
