/**
 * From the flags of `regctl image mod` to the steps of the library.
 *
 * @module
 */
import { messageOf, RegError } from "../../../base/errors.ts";
import type { Occurrence } from "../../../cli/flags.ts";
import { readInteger } from "../../../cli/flags.ts";
import { UsageError } from "../../../cli/usage_error.ts";
import { splitSettings } from "../../../config/host_flag.ts";
import { packDirectory } from "../../../registry/layers/pack.ts";
import {
  addPort,
  addVolume,
  changeConfigTimes,
  literalExpression,
  removeBuildArgument,
  removePort,
  removeVolume,
  setAuthor,
  setCommand,
  setEntrypoint,
  setEnv,
  setLabel,
  setPlatform,
  setUser,
  setWorkdir,
} from "../../../registry/mod/config_changes.ts";
import {
  removeExternalUrls,
  toDocker,
  toOci,
} from "../../../registry/mod/convert.ts";
import {
  addLayer,
  changeFileTarTimes,
  changeLayerTimes,
  compressLayers,
  makeReproducible,
  removeLayer,
  removeLayersCreatedBy,
  stripFile,
} from "../../../registry/mod/layer_changes.ts";
import {
  labelsToAnnotations,
  promoteAnnotations,
  setAnnotation,
  setBaseAnnotations,
  toOciReferrers,
} from "../../../registry/mod/manifest_changes.ts";
import {
  changeDigestAlgorithm,
  embedData,
} from "../../../registry/mod/mod_image.ts";
import type { Modification } from "../../../registry/mod/modification.ts";
import { rebase, rebaseOnto } from "../../../registry/mod/rebase.ts";
import { parseMoment, type TimeOptions } from "../../../registry/mod/times.ts";
import { parsePlatform } from "../../../registry/platform.ts";
import { parseDigest } from "../../../registry/digest.ts";
import { commonName, parseReference } from "../../../registry/reference.ts";
import type { MOD_FLAGS } from "./mod_flags.ts";

type Step = (value: string) => Modification | readonly Modification[];

/** What each flag does with its value. */
const STEPS: Readonly<Record<keyof typeof MOD_FLAGS, Step>> = {
  annotation: named(setAnnotation),
  "annotation-base": (value) => {
    const [name, digest] = pair(value, /[,@]/, "annotation-base");
    return setBaseAnnotations(
      commonName(parseReference(name)),
      parseDigest(digest),
    );
  },
  "annotation-promote": promoteAnnotations,
  author: setAuthor,
  "buildarg-rm": (value) => {
    const [name, text] = nameAndValue(value);
    return removeBuildArgument(name, literalExpression(text));
  },
  "buildarg-rm-regex": (value) => removeBuildArgument(...nameAndValue(value)),
  "config-cmd": (value) => setCommand(command(value)),
  "config-entrypoint": (value) => setEntrypoint(command(value)),
  "config-platform": (value) => setPlatform(parsePlatform(value)),
  "config-time": (value) => changeConfigTimes(timeOptions(value)),
  "config-time-max": (value) => changeConfigTimes(timeMax(value)),
  "data-max": (value) => embedData(integer(value, "data-max")),
  "digest-algo": changeDigestAlgorithm,
  env: named(setEnv),
  "expose-add": addPort,
  "expose-rm": removePort,
  "external-urls-rm": removeExternalUrls,
  "file-tar-time": (value) => {
    const { filename, ...options } = timeOptionsOfFile(value);
    return changeFileTarTimes(filename, options);
  },
  "file-tar-time-max": (value) => {
    const [name, time] = pair(value, /,/, "file-tar-time-max");
    return changeFileTarTimes(name, timeMax(time));
  },
  label: named(setLabel),
  "label-to-annotation": labelsToAnnotations,
  "layer-add": layerAdd,
  "layer-compress": (value) => compressLayers(compression(value)),
  "layer-rm-created-by": removeLayersCreatedBy,
  "layer-rm-index": (value) => removeLayer(integer(value, "layer-rm-index")),
  "layer-strip-file": stripFile,
  "layer-time": (value) => changeLayerTimes(timeOptions(value)),
  "layer-time-max": (value) => changeLayerTimes(timeMax(value)),
  rebase,
  "rebase-ref": (value) => {
    const [old, now] = pair(value, /,/, "rebase-ref");
    return rebaseOnto(parseReference(old), parseReference(now));
  },
  reproducible: makeReproducible,
  time: (value) => both(timeOptions(value)),
  "time-max": (value) => both(timeMax(value)),
  "to-docker": toDocker,
  "to-oci": toOci,
  "to-oci-referrers": toOciReferrers,
  user: setUser,
  "volume-add": addVolume,
  "volume-rm": removeVolume,
  workdir: setWorkdir,
};

/**
 * The steps that a command line asks for, in its order; what is switched off is
 * none.
 *
 * @throws {RegError} `usage`, `reference`.
 */
export function stepsOf(occurrences: readonly Occurrence[]): Modification[] {
  const steps = new Map<string, Step>(Object.entries(STEPS));
  return occurrences.flatMap(({ name, value }) => {
    const step = steps.get(name);
    if (step === undefined || value === false) return [];
    return step(typeof value === "string" ? value : "");
  });
}

function named(
  set: (name: string, value: string) => Modification,
): Step {
  return (value) => set(...nameAndValue(value));
}

/** `[platforms]name=value`; an equals sign in the brackets is a platform's. */
function nameAndValue(text: string): [name: string, value: string] {
  const bracket = text.startsWith("[") ? text.indexOf("]") : 0;
  const at = text.indexOf("=", Math.max(0, bracket));
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function pair(
  text: string,
  separator: RegExp,
  flag: string,
): [first: string, second: string] {
  const at = text.search(separator);
  if (at > 0 && at < text.length - 1) {
    return [text.slice(0, at), text.slice(at + 1)];
  }
  throw new UsageError(
    `invalid argument ${
      JSON.stringify(text)
    } for "--${flag}" flag: two values are needed`,
  );
}

function integer(text: string, flag: string): number {
  const value = readInteger(text);
  if (typeof value === "number") return value;
  throw new UsageError(
    `invalid argument ${JSON.stringify(text)} for "--${flag}" flag: ${value}`,
  );
}

/** A JSON list of words, or a line for the shell; nothing where it is empty. */
function command(text: string): string[] {
  if (text === "") return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
      return value;
    }
  } catch {
    // No JSON: a line for the shell.
  }
  return ["/bin/sh", "-c", text];
}

const COMPRESSIONS = ["gzip", "zstd", "none", "xz", "bzip2"] as const;

function compression(text: string): typeof COMPRESSIONS[number] {
  const found = COMPRESSIONS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `unknown compression ${JSON.stringify(text)}`,
    "use gzip, zstd or none",
  );
}

function both(options: TimeOptions): readonly Modification[] {
  return [changeConfigTimes(options), changeLayerTimes(options)];
}

/** A time that nothing may be later than. */
function timeMax(text: string): TimeOptions {
  const moment = parseMoment(text);
  return { set: moment, after: moment };
}

function timeOptions(text: string): TimeOptions {
  const { filename, ...options } = timeOptionsOfFile(text);
  if (filename === "") return options;
  throw new UsageError("unknown time option: filename");
}

function timeOptionsOfFile(
  text: string,
): TimeOptions & { readonly filename: string } {
  const options: { -readonly [K in keyof TimeOptions]: TimeOptions[K] } = {};
  let filename = "";
  for (const part of text.split(",")) {
    const [key, value] = nameAndValue(part);
    if (key === "set") options.set = parseMoment(value);
    else if (key === "after") options.after = parseMoment(value);
    else if (key === "from-label") options.fromLabel = value;
    else if (key === "base-ref") options.baseRef = parseReference(value);
    else if (key === "base-layers") {
      options.baseLayers = integer(value, "base-layers");
    } else if (key === "filename") filename = value;
    else throw new UsageError(`unknown time option: ${key}`);
  }
  return { ...options, filename };
}

function layerAdd(text: string): Modification {
  const { tar = "", dir = "", platform = "", mediaType = "", ...others } =
    Object.fromEntries(splitSettings(text));
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError(`unknown layer-add option: ${unknown}`);
  }
  if ((tar === "") === (dir === "")) {
    throw new UsageError("one of tar and dir must be given to add a layer");
  }
  return addLayer(() => tar === "" ? packDirectory(dir) : readTar(tar), {
    ...(mediaType === "" ? {} : { mediaType }),
    ...(platform === "" ? {} : { platforms: [parsePlatform(platform)] }),
  });
}

async function* readTar(path: string): AsyncGenerator<Uint8Array> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw new RegError("file", `Cannot read "${path}": ${messageOf(error)}`, {
      cause: error,
    });
  }
  yield* file.readable;
}
