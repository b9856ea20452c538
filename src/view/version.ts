/**
 * What `version` prints, as templates see it.
 *
 * @module
 */
import {
  pointerTo,
  STRING,
  structType,
  textOf,
  type Type,
  type Value,
  wrap,
} from "../template/mod.ts";
import { alignRows } from "./aligned.ts";
import { field, prettyMethod } from "./declare.ts";

/** The fields with their JSON keys, in upstream's order. */
const FIELDS = [
  ["GoVer", "goVersion"],
  ["GoCompiler", "goCompiler"],
  ["Platform", "platform"],
  ["VCSCommit", "vcsCommit"],
  ["VCSDate", "vcsDate"],
  ["VCSRef", "vcsRef"],
  ["VCSState", "vcsState"],
  ["VCSTag", "vcsTag"],
] as const;

/** The facts about a program, under upstream's field names. */
export type VersionFacts = Readonly<Record<typeof FIELDS[number][0], string>>;

const ROWS = [
  "VCSTag",
  "VCSRef",
  "VCSCommit",
  "VCSState",
  "VCSDate",
  "Platform",
  "GoVer",
  "GoCompiler",
] as const;

/** `version.Info`. */
export const VERSION: Type = structType("version.Info", {
  fields: () => [
    ...FIELDS.map(([name, json]) => ({ name, type: STRING, json })),
    {
      name: "Debug",
      type: pointerTo(structType("debug.BuildInfo")),
      json: "debug,omitempty",
    },
  ],
  methods: () => [
    prettyMethod((self) =>
      alignRows(
        ROWS.map((name) => [`${name}:`, textOf(field(self, name))] as const),
      )
    ),
  ],
});

/** The facts about a program as templates see them. */
export function versionValue(facts: VersionFacts): Value {
  return wrap(VERSION, facts);
}
