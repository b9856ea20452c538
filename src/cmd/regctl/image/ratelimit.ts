/**
 * `regctl image ratelimit`.
 *
 * @module
 */
import { checkFormat, print } from "../../../cli/format.ts";
import { READS } from "../../../cli/permissions.ts";
import { parseReference, tagOrDigest } from "../../../registry/reference.ts";
import { formatFlags } from "../../shared.ts";
import { defineCommand } from "../define.ts";
import { PRETTY } from "../flags.ts";
import { openSession } from "../session.ts";

/** Shows how many pulls are left. */
export const ratelimit = defineCommand({
  name: "ratelimit",
  aliases: ["rate-limit"],
  summary: "show the current rate limit",
  description:
    "Show how many pulls a registry still allows. It is asked with a HEAD request,\n" +
    "which Docker Hub does not count.",
  examples: [{
    about: "show the limit of Docker Hub",
    line: "regctl image ratelimit alpine",
  }],
  needs: READS,
  args: ["ref"],
  completes: ["reference"],
  flags: formatFlags(PRETTY),
  async run(io, call) {
    const { args: [text], flags, given, signal } = call;
    checkFormat(flags, given);
    const reference = parseReference(text);
    await using session = openSession(io, call);
    const store = await session.open(reference);
    const found = await store.resolve(tagOrDigest(reference), { signal });
    const { rateLimitViewOf } = await import("../../../view/mod.ts");
    await print(io, call, {
      plain: [PRETTY],
      view: () => rateLimitViewOf(found.headers),
    });
  },
});
