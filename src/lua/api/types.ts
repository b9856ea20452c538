/**
 * The interface for people and editors: a page of documentation, and a
 * definition file for LuaLS.
 *
 * @module
 */
import type { Definition, Parameter } from "./definition.ts";
import { DEFINITIONS } from "./mod.ts";
import {
  ARTIFACT,
  CONFIG,
  DESCRIPTOR,
  IMAGE,
  INDEX,
  PLATFORM,
  type Shape,
  type Struct,
} from "./shape.ts";

const shown = DEFINITIONS.filter((definition) => !definition.hidden);

/** All names of a function, each with the function. */
function named(): readonly (readonly [string, Definition])[] {
  return shown.flatMap((definition) =>
    [definition.name, ...definition.aliases ?? []].map((name) =>
      [name, definition] as const
    )
  );
}

/** Whether a name is a method's and the first parameter is the object itself. */
function parametersOf(
  name: string,
  definition: Definition,
): readonly Parameter[] {
  const alias = name.includes(":") && !definition.name.includes(":");
  return alias ? definition.parameters.slice(1) : definition.parameters;
}

function signature(name: string, definition: Definition): string {
  const parameters = parametersOf(name, definition)
    .map(({ name, optional }) => optional ? `[${name}]` : name);
  const called = name.includes(":") ? `<${name.replace(":", ">:")}` : name;
  return `${called}(${parameters.join(", ")})`;
}

/** The page that documents the interface, in Markdown. */
export function interfacePage(): string {
  return `# Lua interface of regbot

<!-- Written by \`regbot types --markdown\`; do not edit. -->

Scripts are written in Lua 5.1. What follows is there in addition. Where an image
is asked for, a name such as \`ghcr.io/acme/app:v1\` does as well as an object.
Failures are Lua errors: \`pcall\` catches them.

${named().map(([name, definition]) => section(name, definition)).join("\n")}
## Fields

Every field has its name in Go and its name in JSON; tables are the same table
under both. \`manifest:export()\` and \`imageconfig:export()\` take what a script
changed in them.

${STRUCTS.map(([name, , struct]) => fieldList(name, struct)).join("\n")}`;
}

function section(name: string, definition: Definition): string {
  const parameters = parametersOf(name, definition).map((p) =>
    `- \`${p.name}\` (\`${p.type}\`${
      p.optional ? ", optional" : ""
    }): ${p.text}\n`
  );
  const results = definition.results.map(({ type, text }) =>
    `- returns \`${type}\`: ${text}\n`
  );
  const list = [...parameters, ...results].join("");
  return `## \`${signature(name, definition)}\`\n\n${definition.text}\n${
    list === "" ? "" : `\n${list}`
  }`;
}

/** The structures by their names for people and in types. */
const STRUCTS: readonly (readonly [string, string, Struct])[] = [
  ["Image manifest", "imageManifest", IMAGE],
  ["Index", "imageIndex", INDEX],
  ["Artifact manifest", "artifactManifest", ARTIFACT],
  ["Descriptor", "descriptor", DESCRIPTOR],
  ["Platform", "platform", PLATFORM],
  ["Image config", "imageConfigFields", CONFIG],
];

function fieldList(name: string, struct: Struct): string {
  const rows = struct.struct.map(({ json, go, shape }) =>
    `- ${go === json ? `\`${go}\`` : `\`${go}\`, \`${json}\``}: \`${
      typeOf(shape)
    }\`\n`
  );
  return `### ${name}\n\n${rows.join("")}`;
}

/** A shape as LuaLS writes it. */
function typeOf(shape: Shape): string {
  if (typeof shape === "string") {
    return {
      text: "string",
      number: "integer",
      bool: "boolean",
      time: "string",
      bytes: "integer[]",
      any: "any",
    }[shape];
  }
  if ("list" in shape) return `${typeOf(shape.list)}[]`;
  if ("map" in shape) return `table<string, ${typeOf(shape.map)}>`;
  const known = STRUCTS.find(([, , struct]) => struct === shape);
  return known ? known[1] : "table";
}

/** The definition file that makes editors complete and check scripts. */
export function luaTypes(): string {
  const classes = STRUCTS.map(([, name, struct]) => classOf(name, struct));
  const tables = new Set(
    named().filter(([name]) => name.includes(".")).map(([name]) =>
      name.split(".")[0] ?? ""
    ),
  );
  const functions = named().map(([name, definition]) =>
    functionOf(name, definition)
  );
  return `---@meta
-- The interface of regbot, for LuaLS: https://luals.github.io/wiki/annotations/
-- Written by \`regbot types\`.

${classes.join("\n")}
---@class reference
reference = {}

---@class manifest: imageManifest, imageIndex, artifactManifest
manifest = {}

---@class imageconfig: imageConfigFields
---@field Platform platform
---@field architecture string
---@field os string
imageconfig = {}

---@class blob
---@field Digest string
---@field digest string
blob = {}

---@type table<string, string>
args = {}
${
    [...tables].filter((t) =>
      !["reference", "manifest", "blob", "json", "semver"].includes(t)
    )
      .map((table) => `\n${table} = {}\n`).join("")
  }
local json, semver = {}, {}

${functions.join("\n")}`;
}

function classOf(name: string, struct: Struct): string {
  const fields = struct.struct.flatMap(({ json, go, shape, optional }) =>
    [...new Set([go, json])].map((field) => {
      const key = /^\w+$/.test(field) ? field : `["${field}"]`;
      return `---@field ${key} ${typeOf(shape)}${optional ? "?" : ""}\n`;
    })
  );
  return `---@class ${name}\n${fields.join("")}`;
}

function functionOf(name: string, definition: Definition): string {
  const parameters = parametersOf(name, definition);
  const lines = [
    `---${definition.text}`,
    ...parameters.map((p) =>
      `---@param ${p.name}${p.optional ? "?" : ""} ${p.type} ${p.text}`
    ),
    ...definition.results.map(({ type, text }) =>
      `---@return ${type} # ${text}`
    ),
    `function ${name}(${parameters.map((p) => p.name).join(", ")}) end`,
  ];
  return `${lines.join("\n")}\n`;
}
