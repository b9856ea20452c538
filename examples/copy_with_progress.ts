/**
 * Copies an image with its referrers and says how far it is:
 * `deno run -N -R -W -E examples/copy_with_progress.ts FROM TO`.
 */
import { type Client, copyGraph, parseReference } from "@regkit/regkit";

/** Copies an image; `say` gets a line for each blob and manifest that is there. */
export async function copyWithProgress(
  client: Client,
  [from, to]: readonly [from: string, to: string],
  say: (line: string) => void,
): Promise<string> {
  const [source, target] = [parseReference(from), parseReference(to)];
  await using sourceStore = await client.open(source);
  await using targetStore = await client.open(target);
  let bytes = 0;
  const { root } = await copyGraph(source.digest || source.tag, {
    from: sourceStore,
    to: targetStore,
    tag: target.tag,
    referrers: {},
    onEvent(event) {
      if (event.type === "progress") bytes += event.bytes;
      else if (event.type === "finished") {
        say(`${event.node.digest} ${event.node.mediaType} (${bytes} bytes)`);
      }
    },
  });
  return root.digest;
}

if (import.meta.main) {
  const { Client } = await import("@regkit/regkit");
  const [from = "", to = ""] = Deno.args;
  await using client = new Client();
  console.log(await copyWithProgress(client, [from, to], console.error));
}
