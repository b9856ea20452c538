/**
 * Lists the tags of a repository that match:
 * `deno run -N -R -E examples/filter_tags.ts alpine '^3\.'`.
 */
import { can, type Client, parseReference } from "@regkit/regkit";

/** The tags that match, a page at a time: a long list needs little memory. */
export async function* filterTags(
  client: Client,
  repository: string,
  pattern: RegExp,
): AsyncGenerator<string> {
  await using store = await client.open(parseReference(repository));
  if (!can(store, "tags")) throw new Error(`${store.name} has no list of tags`);
  for await (const { names } of store.tags({ limit: 1000 })) {
    yield* names.filter((name) => pattern.test(name));
  }
}

if (import.meta.main) {
  const { Client } = await import("@regkit/regkit");
  const [repository = "", pattern = ""] = Deno.args;
  await using client = new Client();
  for await (const tag of filterTags(client, repository, new RegExp(pattern))) {
    console.log(tag);
  }
}
