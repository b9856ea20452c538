/**
 * The table of a manifest: what `printPretty` prints.
 *
 * @module
 */
import type { Value } from "../template/mod.ts";
import type { Descriptor } from "../registry/core.ts";
import {
  addDigest,
  commonName,
  type Reference,
} from "../registry/reference.ts";
import { annotationRows, BLANK, humanSize, type Row } from "./aligned.ts";
import { field, textField } from "./declare.ts";
import { annotationsOf, descriptorRows, descriptorsOf } from "./descriptor.ts";

/** What the table needs beside the fields of the manifest. */
export interface ManifestTableOptions {
  /** The manifest's own descriptor. */
  readonly descriptor: Descriptor;
  /** What was asked for. */
  readonly reference?: Reference | undefined;
}

/** The rows of a manifest's table, by the fields that its kind has. */
export function manifestRows(
  body: Value,
  options: ManifestTableOptions,
): Row[] {
  const has = (name: string) => body.type.selector(name, "field") !== undefined;
  const rows = headRows(body, options, has("ArtifactType"));
  if (has("FSLayers")) return [...rows, BLANK, ...schema1Rows(body)];
  const annotations = annotationRows(
    annotationsOf(field(body, "Annotations")),
    "",
  );
  rows.push(...annotations);
  if (has("Manifests")) rows.push(...indexRows(body, options));
  else rows.push(...imageRows(body, has("Blobs") ? "Blobs" : "Layers"));
  return has("Subject") ? [...rows, ...subjectRows(body)] : rows;
}

function headRows(
  body: Value,
  { descriptor, reference }: ManifestTableOptions,
  hasArtifactType: boolean,
): Row[] {
  const rows: Row[] = [];
  const name = reference?.reference ?? "";
  if (name !== "") rows.push(["Name:", name]);
  rows.push(["MediaType:", descriptor.mediaType]);
  const artifactType = hasArtifactType ? textField(body, "ArtifactType") : "";
  const isArtifact = body.type.name === "v1.ArtifactManifest";
  if (artifactType !== "" || isArtifact) {
    rows.push(["ArtifactType:", artifactType]);
  }
  return [...rows, ["Digest:", descriptor.digest]];
}

function schema1Rows(body: Value): Row[] {
  const layers = descriptorsOf(field(body, "FSLayers"));
  return [
    ["Layers:", ""],
    ...layers.map((layer): Row => ["  Digest:", textField(layer, "BlobSum")]),
  ];
}

function imageRows(body: Value, list: "Layers" | "Blobs"): Row[] {
  const layers = descriptorsOf(field(body, list));
  const total = layers.reduce(
    (sum, layer) => sum + Number(field(layer, "Size").int),
    0,
  );
  const config: Row[] = list === "Blobs" ? [] : [
    ["Config:", ""],
    ...descriptorRows(field(body, "Config"), "  "),
    BLANK,
  ];
  return [
    ["Total Size:", humanSize(total)],
    BLANK,
    ...config,
    [`${list}:`, ""],
    ...layers.flatMap((layer) => [BLANK, ...descriptorRows(layer, "  ")]),
  ];
}

function indexRows(
  body: Value,
  { reference }: ManifestTableOptions,
): Row[] {
  const entries = descriptorsOf(field(body, "Manifests"));
  const nameRows = (entry: Value): Row[] => {
    if (reference === undefined || reference.reference === "") return [];
    const digest = textField(entry, "Digest");
    return [["  Name:", commonName(addDigest(reference, digest))]];
  };
  return [
    BLANK,
    ["Manifests:", ""],
    ...entries.flatMap((entry) => [
      BLANK,
      ...nameRows(entry),
      ...descriptorRows(entry, "  "),
    ]),
  ];
}

function subjectRows(body: Value): Row[] {
  const subject = field(body, "Subject");
  return subject.isNil
    ? []
    : [BLANK, ["Subject:", ""], ...descriptorRows(subject, "  ")];
}
