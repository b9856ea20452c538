/**
 * The modules `json` and `semver`, which scripts get with `require`.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { LuaTable, type LuaValue, textOf } from "../codec.ts";
import type { Definition } from "./definition.ts";
import { exportAny } from "./export.ts";
import { indentJson } from "./indent.ts";

/** The modules' functions. */
export const DATA: readonly Definition[] = [
  {
    name: "json.encode",
    text: 'Writes a value as JSON: `require("json").encode(value)`.',
    parameters: [
      {
        name: "value",
        type: "any",
        text:
          "A table whose keys are 1, 2, 3 and so on is a list; an empty one is an object.",
      },
      { name: "pretty", type: "boolean", optional: true, text: "Indents it." },
    ],
    results: [{ type: "string", text: "JSON, keys in order." }],
    local: true,
    run: (call) => {
      const text = encodeJson(call.value(1));
      return [call.value(2) === true ? indentJson(text) : text];
    },
  },
  {
    name: "json.decode",
    text: 'Reads JSON: `require("json").decode(text)`. `null` becomes nil.',
    parameters: [{ name: "text", type: "string", text: "JSON." }],
    results: [{ type: "any", text: "The value." }],
    local: true,
    run: (call) => {
      try {
        return [exportAny(JSON.parse(call.text(1)))];
      } catch (error) {
        throw new RegError("script", `Cannot decode JSON: ${messageOf(error)}`);
      }
    },
  },
  {
    name: "semver.compare",
    text:
      'Compares two versions as regsync compares tags: `require("semver").compare(a, b)`.',
    parameters: [
      { name: "a", type: "string", text: "A version, with or without `v`." },
      { name: "b", type: "string", text: "Another one." },
    ],
    results: [{
      type: "integer?",
      text: "-1, 0 or 1; nil where one of them is no version.",
    }],
    local: true,
    run: (call) => {
      const order = call.session.versions.compare(call.text(1), call.text(2));
      return [order === undefined ? undefined : Math.sign(order)];
    },
  },
  {
    name: "semver.satisfies",
    text: "Tells whether a version is within a range.",
    parameters: [
      { name: "version", type: "string", text: "A version." },
      {
        name: "range",
        type: "string",
        text: "Such as `>=1.2 <2` or `^1.2.3`.",
      },
    ],
    results: [{ type: "boolean", text: "False also for what is no version." }],
    local: true,
    run: (call) => {
      const [version, range] = [call.text(1), call.text(2)];
      return [call.session.versions.filter([version], range).length > 0];
    },
  },
  {
    name: "semver.sort",
    text: "Sorts versions, the lowest first.",
    parameters: [
      {
        name: "versions",
        type: "string[]",
        text: "Tags; what is no version is left out.",
      },
      {
        name: "range",
        type: "string",
        optional: true,
        text: "Keeps only those within it.",
      },
    ],
    results: [{ type: "string[]", text: "A new list." }],
    local: true,
    run: (call) => {
      const { versions } = call.session;
      const tags = (call.table(1)?.list ?? []).flatMap((tag) =>
        tag instanceof Uint8Array ? [textOf(tag)] : []
      ).filter((tag) => versions.compare(tag, tag) !== undefined);
      const kept = call.count >= 2 ? versions.filter(tags, call.text(2)) : tags;
      return [[...kept].sort((a, b) => versions.compare(a, b) ?? 0)];
    },
  },
];

function encodeJson(value: LuaValue): string {
  if (value === undefined) return "null";
  if (value instanceof Uint8Array) return JSON.stringify(textOf(value));
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RegError("script", "Cannot encode a number that is not finite");
  }
  if (typeof value !== "object") return JSON.stringify(value);
  if (!(value instanceof LuaTable)) {
    throw new RegError("script", "Cannot encode functions and objects");
  }
  const { list, fields } = value;
  if (fields.size === 0 && list.length > 0) {
    return `[${list.map(encodeJson).join(",")}]`;
  }
  const entries: [string, LuaValue][] = [
    ...list.map((item, i): [string, LuaValue] => [String(i + 1), item]),
    ...[...fields].map((
      [key, item],
    ): [string, LuaValue] => [String(key), item]),
  ];
  entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  const members = entries.map(([key, item]) =>
    `${JSON.stringify(key)}:${encodeJson(item)}`
  );
  return `{${members.join(",")}}`;
}
