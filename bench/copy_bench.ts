/**
 * An image with one big layer between two local registries, beside the peers:
 * wall time, processor time, peak memory, requests.
 */
import { peer } from "../tests/support/peers.ts";
import { mustRun } from "../tests/support/process.ts";
import { program, programEnv } from "../tests/support/program.ts";
import { pushBigImage } from "../tests/support/images.ts";
import {
  type RealRegistry,
  startRegistry,
} from "../tests/support/registries.ts";
import { tempDir } from "../tests/support/temp.ts";
import { type Cost, measure, median, report } from "./support.ts";

/** How often each tool copies; the median counts. */
const ROUNDS = 5;

await using source = await startRegistry("distribution");
await using target = await startRegistry("distribution");
await using dir = await tempDir();
await Deno.mkdir(`${dir.path}/.regctl`);
await Deno.writeTextFile(
  `${dir.path}/.regctl/config.json`,
  JSON.stringify({
    hosts: {
      [source.host]: { tls: "disabled" },
      [target.host]: { tls: "disabled" },
    },
  }),
);
await Deno.writeTextFile(
  `${dir.path}/policy.json`,
  `{"default":[{"type":"insecureAcceptAnything"}]}`,
);

type Tool = "ours" | "regctl" | "crane" | "oras" | "skopeo";

function commandLine(tool: Tool, tag: string): readonly string[] {
  const from = `${source.host}/big:${tag}`;
  const to = `${target.host}/big:${tag}`;
  switch (tool) {
    case "ours":
      return [...program("regctl"), "image", "copy", from, to];
    case "regctl":
      return [peer("regctl"), "image", "copy", from, to];
    case "crane":
      return [peer("crane"), "copy", "--insecure", from, to];
    case "oras":
      return [
        peer("oras"),
        "copy",
        "--from-plain-http",
        "--to-plain-http",
        from,
        to,
      ];
    case "skopeo":
      return [
        peer("skopeo"),
        "--policy",
        `${dir.path}/policy.json`,
        "copy",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        `docker://${from}`,
        `docker://${to}`,
      ];
  }
}

interface Run extends Cost {
  readonly requests: number;
}

async function requests(...registries: RealRegistry[]): Promise<number> {
  const lists = await Promise.all(registries.map((one) => one.requests()));
  return lists.reduce((sum, list) => sum + list.length, 0);
}

/** Copies to an empty target. */
async function once(tool: Tool, tag: string): Promise<Run> {
  await mustRun("rm", ["-rf", target.storage]);
  // What earlier rounds have written must not be flushed in this one's time.
  await mustRun("sync", []);
  const before = await requests(source, target);
  const [command = "", ...args] = commandLine(tool, tag);
  const cost = await measure(command, args, {
    ...programEnv,
    HOME: dir.path,
  });
  return { ...cost, requests: await requests(source, target) - before };
}

/**
 * Runs the tools in turn, each round beginning with another one: all see the
 * same machine, and none is always the one that comes after a slow one.
 */
async function rounds(
  tools: readonly Tool[],
  tag: string,
): Promise<Map<Tool, Run>> {
  const runs = new Map<Tool, Run[]>();
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % tools.length;
    for (const tool of [...tools.slice(first), ...tools.slice(0, first)]) {
      runs.set(tool, [...runs.get(tool) ?? [], await once(tool, tag)]);
    }
  }
  const middle = (all: readonly Run[], key: keyof Run) =>
    median(all.map((run) => run[key]));
  return new Map([...runs].map(([tool, all]) => [tool, {
    seconds: middle(all, "seconds"),
    cpuSeconds: middle(all, "cpuSeconds"),
    peakMiB: middle(all, "peakMiB"),
    requests: middle(all, "requests"),
  }]));
}

const PEERS: readonly Tool[] = ["regctl", "crane", "oras", "skopeo"];

await pushBigImage(source.url, "big", 1024, "v1024");
const results = await rounds(["ours", ...PEERS], "v1024");
const of = (tool: Tool, key: keyof Run) => results.get(tool)?.[key] ?? NaN;
const best = Math.min(...PEERS.map((tool) => of(tool, "seconds")));
for (const tool of PEERS) {
  report(`copy/1GiB/wall/${tool}`, {
    ours: of("ours", "seconds"),
    peer: of(tool, "seconds"),
  }, "s");
}
report(
  "copy/1GiB/wall/best",
  { ours: of("ours", "seconds"), peer: best },
  "s",
  "<=1.05",
);
report(
  "copy/1GiB/cpu/regctl",
  {
    ours: of("ours", "cpuSeconds"),
    peer: of("regctl", "cpuSeconds"),
  },
  "s",
  "<=0.7",
);
report(
  "copy/1GiB/memory/regctl",
  {
    ours: of("ours", "peakMiB"),
    peer: of("regctl", "peakMiB"),
  },
  "MiB",
  "<=150MiB",
);
report(
  "copy/1GiB/requests/regctl",
  {
    ours: of("ours", "requests"),
    peer: of("regctl", "requests"),
  },
  "",
  "<=1",
);

for (const mebibytes of [256, 4096]) {
  const tag = `v${mebibytes}`;
  await pushBigImage(source.url, "big", mebibytes, tag);
  const { peakMiB } = await once("ours", tag);
  const name = mebibytes < 1024 ? `${mebibytes}MiB` : `${mebibytes / 1024}GiB`;
  report(
    `copy/${name}/memory/1GiB`,
    {
      ours: peakMiB,
      peer: of("ours", "peakMiB"),
    },
    "MiB",
    "<=150MiB",
  );
}
