/**
 * JSON Schemas of configuration files, for editors.
 *
 * @module
 */
import type { Decoder, JsonSchema } from "./decode.ts";

/**
 * The schema of a file, as text that ends in a newline.
 *
 * @param decoder What reads the file.
 * @param title What the schema is called.
 */
export function jsonSchemaOf(decoder: Decoder<unknown>, title: string): string {
  const { patternProperties, ...root } = decoder.schema;
  const schema: JsonSchema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
    ...root,
    patternProperties,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
