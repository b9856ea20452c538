/**
 * The manifests of an index, by platform.
 *
 * @module
 */
import type { Platform } from "../registry/core.ts";
import { formatPlatform, selectPlatform } from "../registry/platform.ts";
import {
  ERROR,
  functionOf,
  GoError,
  type Method,
  pointerTo,
  sliceOf,
  type Value,
  wrap,
} from "../template/mod.ts";
import { field, getter } from "./declare.ts";
import { DESCRIPTOR, descriptorsOf, toDescriptor } from "./descriptor.ts";
import { bodyOf, hostOf, mediaTypeOf } from "./manifest_host.ts";
import { bodyView, type Kind, part, refused } from "./manifest_kinds.ts";
import { PLATFORM, platformOf } from "./platform.ts";

/** The methods that give the manifests of an index, or refuse to. */
export function platformMethods(kind: Kind): readonly Method[] {
  const descriptors = sliceOf(DESCRIPTOR);
  const platforms = sliceOf(pointerTo(PLATFORM));
  const isList = kind.answers.includes("manifests");
  const lookup: Method = {
    name: "GetPlatformDesc",
    type: functionOf([pointerTo(PLATFORM)], [pointerTo(DESCRIPTOR), ERROR]),
    pointer: true,
    call: (receiver, [platform]) =>
      wrap(
        pointerTo(DESCRIPTOR),
        findPlatform(kind, receiver, platform),
      ),
  };
  if (!isList) {
    return [
      refused("GetManifestList", descriptors, "platform descriptor list"),
      refused("GetPlatformList", platforms, "platform list"),
      {
        ...lookup,
        call: (receiver) => {
          throw new GoError(
            `platform lookup not available for media type ${
              mediaTypeOf(hostOf(receiver))
            }`,
          );
        },
      },
    ];
  }
  return [
    part("GetManifestList", descriptors, kind, "Manifests"),
    getter("GetPlatformList", platforms, {
      pointer: true,
      fails: true,
      read: (receiver) => {
        bodyOf(hostOf(receiver));
        const found = entries(kind, receiver)
          .map((entry) => field(entry, "Platform"))
          .filter((platform) => !platform.isNil);
        return found.length === 0 ? null : found;
      },
    }),
    lookup,
  ];
}

function entries(kind: Kind, receiver: Value): Value[] {
  return descriptorsOf(field(bodyView(kind, receiver), "Manifests"));
}

function findPlatform(
  kind: Kind,
  receiver: Value,
  wanted: Value | undefined,
): Value {
  bodyOf(hostOf(receiver));
  if (wanted === undefined || wanted.isNil) {
    throw new GoError("invalid input, platform is nil");
  }
  const platform: Platform = platformOf(wanted);
  const all = entries(kind, receiver);
  const found = tryTo(() =>
    selectPlatform(all.map(toDescriptor), platform).digest
  );
  const entry = all.find((each) => field(each, "Digest").string === found);
  if (entry === undefined) {
    throw new GoError(`platform not found: ${formatPlatform(platform)}`);
  }
  return entry;
}

function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined; // the caller says what was looked for
  }
}
