/**
 * A repository of 200 two-platform images between two registries that are 20 ms
 * away, beside crane and regctl: wall time and requests.
 */
import {
  image,
  index,
  layer,
  noise,
  PLATFORMS,
  pushGraph,
} from "../tests/support/images.ts";
import { peer } from "../tests/support/peers.ts";
import { mustRun } from "../tests/support/process.ts";
import { program, programEnv } from "../tests/support/program.ts";
import { startRegistry } from "../tests/support/registries.ts";
import { tcpProxy } from "../tests/support/tcp_proxy.ts";
import { tempDir } from "../tests/support/temp.ts";
import { type Cost, measure, report } from "./support.ts";

const IMAGES = 200;
/** Each way; the round trip takes twice as long. */
const DELAY_MS = 10;

await using source = await startRegistry("distribution");
await using target = await startRegistry("distribution");
await using far = tcpProxy(source.host, { delayMs: DELAY_MS });
await using away = tcpProxy(target.host, { delayMs: DELAY_MS });
await using dir = await tempDir();
await Deno.mkdir(`${dir.path}/.regctl`);
await Deno.writeTextFile(
  `${dir.path}/.regctl/config.json`,
  JSON.stringify({
    hosts: {
      [far.host]: { tls: "disabled" },
      [away.host]: { tls: "disabled" },
    },
  }),
);

// What real repositories look like: one base, little of its own in each image.
const base = [await layer({ "base.bin": noise(64 * 1024, 1) })];
for (let at = 0; at < IMAGES; at++) {
  const images = await Promise.all(
    PLATFORMS.slice(0, 2).map((platform, which) =>
      image({ base, layers: 1, platform, seed: 2 + at * 2 + which })
    ),
  );
  await pushGraph(source.url, "app", index(images), [`v${at}`]);
}

type Tool = "ours" | "regctl" | "crane";

function commandLine(tool: Tool): readonly string[] {
  const from = `${far.host}/app`;
  const to = `${away.host}/app`;
  switch (tool) {
    case "ours":
      return [
        ...program("regctl"),
        "repo",
        "copy",
        "--concurrent",
        "8",
        from,
        to,
      ];
    case "regctl":
      return [peer("regctl"), "repo", "copy", "--concurrent", "8", from, to];
    case "crane":
      return [peer("crane"), "copy", "-a", "-j", "8", "--insecure", from, to];
  }
}

async function copied(
  tool: Tool,
): Promise<Cost & { readonly requests: number }> {
  await mustRun("rm", ["-rf", target.storage]);
  await mustRun("sync", []);
  const count = async () =>
    (await source.requests()).length + (await target.requests()).length;
  const before = await count();
  const [command = "", ...args] = commandLine(tool);
  const cost = await measure(command, args, { ...programEnv, HOME: dir.path });
  return { ...cost, requests: await count() - before };
}

const crane = await copied("crane");
const ours = await copied("ours");
const regctl = await copied("regctl");
report(
  "repo_copy/wall/crane",
  {
    ours: ours.seconds,
    peer: crane.seconds,
  },
  "s",
  "<=1",
);
report(
  "repo_copy/wall/regctl",
  {
    ours: ours.seconds,
    peer: regctl.seconds,
  },
  "s",
  "<=1",
);
report(
  "repo_copy/requests/regctl",
  {
    ours: ours.requests,
    peer: regctl.requests,
  },
  "",
  "<=1",
);
report("repo_copy/requests/crane", {
  ours: ours.requests,
  peer: crane.requests,
}, "");
