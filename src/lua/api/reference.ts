/**
 * References: names of images that a script can take apart and change.
 *
 * @module
 */
import {
  commonName,
  type Reference,
  withDigest,
  withTag,
} from "../../registry/reference.ts";
import type { HostValue } from "../codec.ts";
import type { Call } from "./call.ts";
import type { Definition } from "./definition.ts";
import { ReferenceObject } from "./objects.ts";

/** The type of what stands for an image in a call. */
export const REF = "string|reference|manifest|imageconfig";

/** The functions and methods of references. */
export const REFERENCE: readonly Definition[] = [
  {
    name: "reference.new",
    text:
      "Makes a reference: an object whose tag and digest can be read and changed.",
    parameters: [{ name: "ref", type: REF, text: "What it names." }],
    results: [{ type: "reference", text: "A reference of its own." }],
    local: true,
    run: (call) => [call.objects.add(new ReferenceObject(call.reference(1)))],
  },
  {
    name: "reference.close",
    aliases: ["reference:close"],
    text:
      "Does nothing: every call closes what it opened. It is there for older scripts.",
    parameters: [{ name: "ref", type: REF, text: "Any reference." }],
    results: [],
    run: (call) => {
      call.reference(1);
      return [];
    },
  },
  {
    name: "reference.__tostring",
    text: "The canonical name.",
    parameters: [],
    results: [{
      type: "string",
      text: "Such as `docker.io/library/alpine:3`.",
    }],
    hidden: true,
    local: true,
    run: (call) => [commonName(call.reference(1))],
  },
  {
    name: "reference:tag",
    text: "Gives the tag, or sets it, which removes the digest.",
    parameters: [
      { name: "tag", type: "string", optional: true, text: "The new tag." },
    ],
    results: [{
      type: "string",
      text: 'The tag, or ""; nothing where it was set.',
    }],
    local: true,
    run: (call) => part(call, ({ tag }) => tag, withTag),
  },
  {
    name: "reference:digest",
    text: "Gives the digest, or sets it, which removes the tag.",
    parameters: [
      {
        name: "digest",
        type: "string",
        optional: true,
        text: "The new digest.",
      },
    ],
    results: [{
      type: "string",
      text: 'The digest, or ""; nothing where it was set.',
    }],
    local: true,
    run: (call) => part(call, ({ digest }) => digest, withDigest),
  },
];

/** Reads a part of a reference, or changes it where there is one more argument. */
function part(
  call: Call,
  read: (ref: Reference) => string,
  change: (ref: Reference, text: string) => Reference,
): readonly HostValue[] {
  const object = call.object(1);
  if (!(object instanceof ReferenceObject)) return [read(call.reference(1))];
  if (call.count !== 2) return [read(object.ref)];
  object.ref = change(object.ref, call.text(2));
  return [];
}
