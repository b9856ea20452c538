/** Completion in real shells, under the pseudo terminal of tmux. */
import { match } from "node:assert/strict";
import { sleep } from "../../src/base/sleep.ts";
import { image } from "../support/images.ts";
import { peer, type PeerName, peerTest } from "../support/peers.ts";
import { mustRun } from "../support/process.ts";
import { bench } from "../support/regctl.ts";

/** How a shell starts without the user's own settings, and reads the script. */
const SHELLS: Readonly<
  Record<string, { readonly start: string; readonly load: string }>
> = {
  bash: {
    start: "--norc --noprofile",
    load: "source <(regctl completion bash)",
  },
  zsh: {
    start: "-f",
    load:
      "autoload -Uz compinit; compinit -u -D; source <(regctl completion zsh)",
  },
  fish: {
    start: "--no-config --private",
    load: "regctl completion fish | source",
  },
};

/** A shell in tmux, with `regctl` on its path. */
class Terminal implements AsyncDisposable {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  async tmux(...args: string[]): Promise<string> {
    const stdout = await mustRun(peer("tmux"), [
      "-S",
      this.#socket,
      ...args,
    ]);
    return stdout;
  }

  async type(text: string, ...keys: string[]): Promise<void> {
    await this.tmux("send-keys", "-l", text);
    await this.tmux("send-keys", ...keys);
  }

  /** Waits until the screen shows something. */
  async shows(pattern: RegExp): Promise<void> {
    let screen = "";
    for (let waits = 0; waits < 200; waits++) {
      screen = await this.tmux("capture-pane", "-p", "-J");
      if (pattern.test(screen)) return;
      await sleep(100);
    }
    match(screen, pattern);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux("kill-server").catch(() => {});
  }
}

async function terminal(
  shell: string,
  options: { readonly dir: string; readonly configPath: string },
): Promise<Terminal> {
  const { dir, configPath } = options;
  const main = new URL("../../src/main.ts", import.meta.url).pathname;
  await Deno.writeTextFile(
    `${dir}/regctl`,
    `#!/bin/sh\nexec ${Deno.execPath()} run -A --no-check --quiet ${main} regctl "$@"\n`,
    { mode: 0o755 },
  );
  const opened = new Terminal(`${dir}/tmux`);
  const env =
    `env HISTFILE=/dev/null HOME=${dir} REGCTL_CONFIG=${configPath} PATH=${dir}:$PATH`;
  await opened.tmux(
    "-f",
    "/dev/null",
    "new-session",
    "-d",
    "-x",
    "200",
    "-y",
    "50",
    `${env} DENO_DIR=${await denoDir()} ${shell} ${SHELLS[shell]?.start}`,
  );
  await opened.type(SHELLS[shell]?.load ?? "", "Enter");
  await opened.type("echo rea''dy", "Enter");
  await opened.shows(/^ready/m);
  await opened.tmux("send-keys", "C-l");
  return opened;
}

/** Deno's cache, which lies in the home folder that the shell does not see. */
async function denoDir(): Promise<string> {
  const stdout = await mustRun(Deno.execPath(), ["info", "--json"]);
  return JSON.parse(stdout).denoDir;
}

for (const shell of ["bash", "zsh", "fish"] as const satisfies PeerName[]) {
  peerTest(
    `completion in ${shell}: commands, flags, tags`,
    [shell, "tmux"],
    async () => {
      await using b = await bench();
      await b.ok([
        "image",
        "copy",
        await b.layout(await image()),
        `${b.host}/a/b:v1.2.3`,
      ]);
      await using t = await terminal(shell, b);
      await t.type("regctl ima", "Tab");
      await t.shows(/regctl image /);
      await t.tmux("send-keys", "C-u");
      await t.type("regctl image copy --force-rec", "Tab");
      await t.shows(/--force-recursive/);
      await t.tmux("send-keys", "C-u");
      await t.type(`regctl image digest ${b.host}/a/b:v`, "Tab");
      await t.shows(new RegExp(`${b.host}/a/b:v1\\.2\\.3`));
    },
  );
}
