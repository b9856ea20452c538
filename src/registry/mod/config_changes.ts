/**
 * Modifications of image configs.
 *
 * @module
 */
import { RE2JS } from "re2js";
import type { Platform } from "../core.ts";
import type { JsonObject } from "../go_json.ts";
import { readBlob, resolveImage } from "../image.ts";
import { parseManifest } from "../manifest.ts";
import { platformsMatch } from "../platform.ts";
import { tagOrDigest } from "../reference.ts";
import { isSameHistory } from "../history.ts";
import { compileExpression } from "./expression.ts";
import {
  isForConfig,
  type ModContext,
  type Modification,
  parseForPlatforms,
} from "./modification.ts";
import { parseMoment, type TimeOptions, TimeSetting } from "./times.ts";
import {
  changeConfig,
  type ConfigNode,
  objectIn,
  objectsIn,
  platformOfConfig,
  textIn,
  textsIn,
  withKeys,
  withoutKey,
} from "./tree.ts";

/** Sets the author. */
export function setAuthor(author: string): Modification {
  return {
    config(config) {
      if (textIn(config.json, "author") === author) return;
      changeConfig(config, withKeys(config.json, { author }));
    },
  };
}

/** Sets the command; an empty list removes it. */
export function setCommand(command: readonly string[]): Modification {
  return setList("Cmd", command);
}

/** Sets the entrypoint; an empty list removes it. */
export function setEntrypoint(entrypoint: readonly string[]): Modification {
  return setList("Entrypoint", entrypoint);
}

function setList(key: string, list: readonly string[]): Modification {
  return {
    config(config) {
      const own = textsIn(objectIn(config.json, "config"), key);
      const isSame = own.length === list.length &&
        own.every((text, at) => text === list[at]);
      if (!isSame) changeSettings(config, { [key]: list });
    },
  };
}

/** Sets the platform. */
export function setPlatform(platform: Platform): Modification {
  const keys = [
    "architecture",
    "os",
    "os.version",
    "os.features",
    "variant",
    "features",
  ] as const;
  return {
    config(config) {
      if (platformsMatch(platformOfConfig(config), platform)) return;
      const changes = Object.fromEntries(
        keys.map((key) => [key, platform[key]]),
      );
      changeConfig(config, withKeys(config.json, changes));
    },
  };
}

/** Sets the user; before the value may be platforms in brackets. */
export function setUser(text: string): Modification {
  return setText("User", text);
}

/** Sets the working directory; before the value may be platforms in brackets. */
export function setWorkdir(text: string): Modification {
  return setText("WorkingDir", text);
}

function setText(key: string, text: string): Modification {
  const { value, platforms } = parseForPlatforms(text);
  return {
    config(config) {
      if (!isForConfig(platforms, config)) return;
      if (textIn(objectIn(config.json, "config"), key) === value) return;
      changeSettings(config, { [key]: value });
    },
  };
}

/**
 * Sets an environment variable; an empty value removes it.
 *
 * @param nameText The name; before it may be platforms in brackets.
 */
export function setEnv(nameText: string, value: string): Modification {
  const { value: name, platforms } = parseForPlatforms(nameText);
  return {
    config(config) {
      if (!isForConfig(platforms, config)) return;
      const own = textsIn(objectIn(config.json, "config"), "Env");
      const at = own.findIndex((text) => text.split("=", 1)[0] === name);
      const line = `${name}=${value}`;
      if (own[at] === line || (at < 0 && value === "")) return;
      const Env = at < 0
        ? [...own, line]
        : own.flatMap((text, i) => i !== at ? text : value === "" ? [] : line);
      changeSettings(config, { Env });
    },
  };
}

/**
 * Sets a label; an empty value removes it.
 *
 * @param nameText The name; before it may be platforms in brackets.
 */
export function setLabel(nameText: string, value: string): Modification {
  const { value: name, platforms } = parseForPlatforms(nameText);
  return {
    config(config) {
      if (!isForConfig(platforms, config)) return;
      changeMember(config, "Labels", name, value === "" ? undefined : value);
    },
  };
}

/** Adds an exposed port, such as `80/tcp`. */
export function addPort(port: string): Modification {
  return { config: (config) => changeMember(config, "ExposedPorts", port, {}) };
}

/** Removes an exposed port. */
export function removePort(port: string): Modification {
  return {
    config: (config) => changeMember(config, "ExposedPorts", port, undefined),
  };
}

/** Adds a volume. */
export function addVolume(path: string): Modification {
  return { config: (config) => changeMember(config, "Volumes", path, {}) };
}

/** Removes a volume. */
export function removeVolume(path: string): Modification {
  return {
    config: (config) => changeMember(config, "Volumes", path, undefined),
  };
}

/** Sets or removes a member of a map in the config. */
function changeMember(
  config: ConfigNode,
  map: string,
  name: string,
  value: unknown,
): void {
  const own = objectIn(objectIn(config.json, "config"), map);
  const isThere = Object.hasOwn(own, name);
  const isSame = value === undefined
    ? !isThere
    : isThere && (typeof value === "object" || own[name] === value);
  if (isSame) return;
  const rest = withoutKey(own, name);
  const changed = value === undefined
    ? rest
    : Object.fromEntries([...Object.entries(rest), [name, value]]);
  changeSettings(config, { [map]: changed });
}

/** Changes what the config says of a container. */
function changeSettings(config: ConfigNode, changes: JsonObject): void {
  const settings = withKeys(objectIn(config.json, "config"), changes);
  changeConfig(config, withKeys(config.json, { config: settings }));
}

/**
 * Removes a build argument from the history.
 *
 * @param value What it was, as a regular expression of RE2.
 * @throws {RegError} `usage` for an expression that is none.
 */
export function removeBuildArgument(name: string, value: string): Modification {
  compileExpression(value); // alone, so that an error shows what was given
  const quoted = RE2JS.quote(name);
  const argument = compileExpression(`(?s)^ARG ${quoted}(=.*|)$`);
  const run = compileExpression(
    `(?s)^RUN \\|([0-9]+) (.*)${quoted}=${value}(.*)$`,
  );
  return {
    config(config) {
      const rows = objectsIn(config.json, "history");
      const history = rows.flatMap((row) => {
        const createdBy = textIn(row, "created_by");
        if (argument.matcher(createdBy).find() && row["empty_layer"] === true) {
          return [];
        }
        const match = run.matcher(createdBy);
        if (!match.find() || match.groupCount() !== 3) return [row];
        const [count, before, after] = [1, 2, 3].map((at) =>
          match.group(at) ?? ""
        );
        const left = Number(count) - 1;
        const text = left === 0 && before === ""
          ? `RUN ${after}`
          : `RUN |${left} ${before}${after}`;
        return [withKeys(row, { created_by: text })];
      });
      const isSame = history.length === rows.length &&
        history.every((row, at) => row === rows[at]);
      if (!isSame) changeConfig(config, withKeys(config.json, { history }));
    },
  };
}

/** Makes a literal text an expression for {@linkcode removeBuildArgument}. */
export function literalExpression(text: string): string {
  return RE2JS.quote(text);
}

/** Sets the times in the config: its own and those of its history. */
export function changeConfigTimes(options: TimeOptions): Modification {
  const setting = new TimeSetting(options, "WithConfigTimestamp");
  return {
    async config(config, context) {
      setting.learn(config);
      const start = await firstOwnRow(config, options, context);
      const change = (text: unknown): unknown => {
        if (typeof text !== "string") return text;
        const moment = setting.change(parseMoment(text).nanoseconds);
        return moment ? moment.text : text;
      };
      const { created } = config.json;
      const rows = objectsIn(config.json, "history");
      const history = rows.map((row, at) =>
        at < start || row["created"] === undefined
          ? row
          : replaced(row, "created", change(row["created"]))
      );
      const newCreated = change(created);
      const isSame = newCreated === created &&
        history.every((row, at) => row === rows[at]);
      if (isSame) return;
      changeConfig(
        config,
        withKeys(config.json, {
          created: newCreated,
          ...(rows.length > 0 ? { history } : {}),
        }),
      );
    },
  };
}

function replaced(row: JsonObject, key: string, value: unknown): JsonObject {
  return row[key] === value ? row : withKeys(row, { [key]: value });
}

/** The first row of the history that does not come from the base image. */
async function firstOwnRow(
  config: ConfigNode,
  options: TimeOptions,
  context: ModContext,
): Promise<number> {
  const { baseLayers = 0, baseRef } = options;
  const rows = objectsIn(config.json, "history");
  let start = 0;
  if (baseLayers > 0) {
    let layers = 0;
    const at = rows.findIndex((row) =>
      (layers += row["empty_layer"] === true ? 0 : 1) === baseLayers
    );
    start = at < 0 ? rows.length : at + 1;
  }
  if (baseRef === undefined) return start;
  const { signal } = context;
  const source = await context.open(baseRef);
  const platform = platformOfConfig(config);
  const image = await resolveImage(source, tagOrDigest(baseRef), {
    platform,
    signal,
  });
  const manifest = parseManifest(image.bytes, image.descriptor.mediaType);
  if (manifest.kind !== "image") return start;
  const bytes = await readBlob(source, manifest.config, { signal });
  const base = objectsIn(
    JSON.parse(new TextDecoder().decode(bytes)),
    "history",
  );
  const differs = base.findIndex((row, at) => !isSameHistory(row, rows[at]));
  const common = differs < 0 ? base.length : differs;
  return common > 0 ? common : start;
}

/** Gives the config a digest of another algorithm. */
export function changeConfigAlgorithm(algorithm: string): Modification {
  return {
    config(config) {
      if (config.algorithm === algorithm) return;
      config.algorithm = algorithm;
      config.isChanged = true;
    },
  };
}
