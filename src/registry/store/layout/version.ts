/**
 * The `oci-layout` file, which says which version a layout has.
 *
 * @module
 */
import { RegError } from "../../../base/errors.ts";
import { isJsonObject } from "../../go_json.ts";

/** The name of the file. */
export const LAYOUT_FILE = "oci-layout";

/** The only version there is. */
const VERSION = "1.0.0";

/** What the file says in a layout that we make. */
export const LAYOUT_TEXT: string = JSON.stringify({
  imageLayoutVersion: VERSION,
});

/**
 * Checks the bytes of an `oci-layout` file.
 *
 * @param name How messages name the layout.
 * @throws {RegError} `invalid` for another version.
 */
export function checkVersion(bytes: Uint8Array, name: string): void {
  const version = versionOf(bytes);
  if (version === VERSION) return;
  throw new RegError(
    "invalid",
    `Cannot use ${name}: unsupported oci layout version, expected ${VERSION}, received ${version}`,
  );
}

function versionOf(bytes: Uint8Array): string {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const version = isJsonObject(json) ? json["imageLayoutVersion"] : "";
    return String(version ?? "");
  } catch {
    return "";
  }
}
