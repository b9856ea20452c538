/**
 * regsync over a repository of many tags, both registries 20 ms away, beside
 * upstream: up to date, first sync, and many tags up to date.
 */
import { multiPlatform, pushGraph } from "../tests/support/images.ts";
import { peer } from "../tests/support/peers.ts";
import { program } from "../tests/support/program.ts";
import {
  type RealRegistry,
  startRegistry,
} from "../tests/support/registries.ts";
import { tcpProxy } from "../tests/support/tcp_proxy.ts";
import { tempDir } from "../tests/support/temp.ts";
import { type Cost, measure, report } from "./support.ts";

/** Half of the round trip, in milliseconds. */
const ONE_WAY_MS = 10;
const TAGS = 200;
const MANY = 5000;

await using source = await startRegistry("distribution");
await using target = await startRegistry("distribution");
await using nearSource = tcpProxy(source.host, { delayMs: ONE_WAY_MS });
await using nearTarget = tcpProxy(target.host, { delayMs: ONE_WAY_MS });
await using dir = await tempDir();

await fill(source, "app", TAGS, "v");
// The same image under many tags: what is listed and compared counts.
const one = await multiPlatform(2, { seed: 1, layerSize: 64 });
for (const { url } of [source, target]) {
  const tags = Array.from({ length: MANY }, (_, at) => `t${at}`);
  await pushGraph(url, "many", one, tags);
}

const ours = program("regsync");
const theirs = [peer("regsync")];

const first = {
  theirs: await sync(theirs, "app", "upstream"),
  ours: await sync(ours, "app", "ours"),
};
const again = {
  theirs: await sync(theirs, "app", "upstream"),
  ours: await sync(ours, "app", "ours"),
};
const many = { ours: await sync(ours, "many", "many") };

wall("sync-first-200-wall", first, "<=0.2");
wall("sync-equal-200-wall", again, "<=0.1");
requests("sync-first-200-requests", first, "<=1");
requests("sync-equal-200-requests", again, "<=1");
report(
  "sync-first-200-cpu",
  {
    ours: first.ours.cpuSeconds,
    peer: first.theirs.cpuSeconds,
  },
  "s",
  "<=2",
);
report(
  "sync-equal-200-cpu",
  {
    ours: again.ours.cpuSeconds,
    peer: again.theirs.cpuSeconds,
  },
  "s",
  "<=2",
);
report(
  "sync-equal-5000-memory",
  {
    ours: many.ours.peakMiB,
    peer: again.theirs.peakMiB,
  },
  "MiB",
  "<=200MiB",
);

type Measured = Cost & { readonly requests: number };
interface Pair {
  readonly ours: Measured;
  readonly theirs: Measured;
}

function wall(name: string, { ours, theirs }: Pair, bound: string): void {
  report(name, { ours: ours.seconds, peer: theirs.seconds }, "s", bound);
}

function requests(name: string, { ours, theirs }: Pair, bound: string): void {
  report(name, { ours: ours.requests, peer: theirs.requests }, "", bound);
}

/** Fills a repository with two-platform images. */
async function fill(
  registry: RealRegistry,
  repository: string,
  count: number,
  prefix: string,
): Promise<void> {
  for (let at = 0; at < count; at++) {
    const graph = await multiPlatform(2, {
      seed: at + 1,
      layers: 2,
      layerSize: 512,
    });
    await pushGraph(registry.url, repository, graph, [`${prefix}${at}`]);
  }
}

/** Runs `once` over a repository and counts its requests. */
async function sync(
  tool: readonly string[],
  repository: string,
  into: string,
): Promise<Measured> {
  const path = `${dir.path}/${repository}-${into}.yml`;
  const name = repository === into ? repository : `${into}/${repository}`;
  await Deno.writeTextFile(
    path,
    `creds:
- {registry: "${nearSource.host}", tls: disabled}
- {registry: "${nearTarget.host}", tls: disabled}
defaults: {parallel: 4, skipDockerConfig: true}
sync:
- source: ${nearSource.host}/${repository}
  target: ${nearTarget.host}/${name}
  type: repository
`,
  );
  const before = await counted();
  const [program = "", ...args] = tool;
  const cost = await measure(program, [...args, "once", "-c", path]);
  return { ...cost, requests: await counted() - before };
}

async function counted(): Promise<number> {
  const all = await Promise.all([source.requests(), target.requests()]);
  return all.reduce((sum, requests) => sum + requests.length, 0);
}
