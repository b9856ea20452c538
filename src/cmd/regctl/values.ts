/**
 * `regctl ref` and `regctl digest`: values, without a registry.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import { checkFormat, jsonText, print } from "../../cli/format.ts";
import { formatFlags } from "../shared.ts";
import { defineCommand } from "./define.ts";

/** Parses a reference. */
export const ref = defineCommand({
  name: "ref",
  summary: "parse a reference",
  description:
    "Parse a reference and print it in full, without a line end. Nothing is sent.",
  examples: [
    { about: "show what a short name means", line: "regctl ref nginx" },
    {
      about: "show the registry of a reference",
      line: "regctl ref ghcr.io/regclient/regctl:edge --format '{{.Registry}}'",
    },
  ],
  needs: [],
  args: ["ref"],
  flags: formatFlags("{{.CommonName}}"),
  async run(io, call) {
    const { args: [text], flags, given } = call;
    checkFormat(flags, given);
    // Loaded here: every call of regctl loads this file.
    const { commonName, parseReference } = await import(
      "../../registry/reference.ts"
    );
    const reference = parseReference(text);
    await print(io, call, {
      plain: ["{{.CommonName}}"],
      text: () => commonName(reference),
      view: async () =>
        (await import("../../view/mod.ts")).referenceView(reference),
    });
  },
});

/** Hashes the standard input. */
export const digest = defineCommand({
  name: "digest",
  summary: "compute a digest of the standard input",
  description:
    "Compute the digest of the standard input and print it without a line end.",
  examples: [{
    about: "compute the digest of hello world",
    line: "echo hello world | regctl digest",
  }],
  needs: [],
  args: [],
  flags: {
    algorithm: {
      kind: "text",
      value: "NAME",
      default: "sha256",
      completes: ["sha256", "sha384", "sha512"],
      summary: "Digest algorithm",
    },
    ...formatFlags("{{.String}}"),
  },
  async run(io, call) {
    const { flags, given } = call;
    checkFormat(flags, given);
    const { algorithm } = flags;
    const { createHasher, DIGEST_ALGORITHMS, hexOf } = await import(
      "../../registry/digest.ts"
    );
    if (!DIGEST_ALGORITHMS.some((known) => known === algorithm)) {
      throw new RegError(
        "usage",
        `digest algorithm ${algorithm} is not available`,
      );
    }
    const hasher = createHasher(algorithm);
    for await (const chunk of io.stdin.stream()) hasher.update(chunk);
    const result = hasher.digest();
    await print(io, call, {
      plain: ["{{.String}}"],
      text: () => result,
      view: async () => (await import("../../view/mod.ts")).digestView(result),
      json: () =>
        jsonText({ algorithm, encoded: hexOf(result), digest: result }),
    });
  },
});
