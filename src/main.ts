/**
 * The program: finds the tool that was called, loads it, runs it. The only
 * file that sets the exit status.
 *
 * @module
 */
import process from "node:process";
import type { Tool } from "./cli/command.ts";
import { Interrupted } from "./cli/io.ts";
import { systemPermissions } from "./cli/permissions.ts";
import { run } from "./cli/run.ts";
import { systemIo } from "./cli/system_io.ts";

/** One of the programs, before it is loaded. */
export interface Entry {
  /** What the tool is for, in one line. */
  readonly summary: string;
  /** Loads it. */
  readonly load: () => Promise<Tool>;
}

/** The programs by name. */
export const TOOLS: Readonly<Record<string, Entry>> = {
  regctl: {
    summary: "looks at, copies and changes images in registries",
    load: async () => (await import("./cmd/regctl/mod.ts")).regctl,
  },
  regsync: {
    summary: "keeps repositories in sync with others, by a file",
    load: async () => (await import("./cmd/regsync/mod.ts")).regsync,
  },
  regbot: {
    summary: "runs scripts in Lua against registries",
    load: async () => (await import("./cmd/regbot/mod.ts")).regbot,
  },
};

/** Variables that Deno's fetch would obey by rules of its own. */
const PROXIES = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];

// Not awaited: in the bundle others import this file, and would wait for its end.
if (import.meta.main) void main();

async function main(): Promise<void> {
  globalThis.addEventListener("unhandledrejection", onLost);
  // Of libraries that we pack: no user can do anything about it.
  Object.assign(process, { noDeprecation: true });
  const environment = takeEnvironment();
  let signal: AbortSignal | undefined;
  const io = systemIo(() => signal ??= listenToSignals(), {
    environment: (name) => environment.get(name),
    permissions: systemPermissions(),
  });
  const { name, argv } = calledAs(process.argv0, Deno.args);
  const entry = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  if (entry === undefined) {
    const known = name === "" || name === "help" || /^--?h(elp)?$/.test(name);
    if (known) await io.stdout.write(overview());
    else {
      io.stderr.writeSync(
        `error: unknown tool ${JSON.stringify(name)}\nhint: one of ${
          Object.keys(TOOLS).join(", ")
        }\n`,
      );
    }
    Deno.exitCode = known ? 0 : 2;
    return;
  }
  const status = await run(await entry.load(), argv, io);
  // Not `exitCode` alone: a listener or an idle connection would keep us alive.
  Deno.exit(status);
}

/**
 * Finds the tool: by the name that the program was called by (`regctl`, `regctl.exe`,
 * `regctl-linux-amd64`), else by the first word.
 */
export function calledAs(
  argv0: string,
  args: readonly string[],
): { readonly name: string; readonly argv: readonly string[] } {
  const base = argv0.replace(/^.*[/\\]/, "");
  const name = /^([a-z]+)(?:[-.]|$)/.exec(base)?.[1] ?? "";
  if (Object.hasOwn(TOOLS, name)) return { name, argv: args };
  const [first = "", ...argv] = args;
  return { name: first, argv };
}

function overview(): string {
  const width = Math.max(...Object.keys(TOOLS).map((name) => name.length));
  const rows = Object.entries(TOOLS).map(([name, { summary }]) =>
    `  ${name.padEnd(width)}  ${summary}\n`
  );
  return `Tools for container registries\n\nUsage:\n  regkit [tool]\n\nTools:\n${
    rows.join("")
  }\nUse "regkit [tool] --help" for more information about a tool.\n`;
}

/**
 * Copies the environment, then takes out what Deno would act on by itself: the
 * transport reads the proxies from the copy, as Go does. Adds the system's
 * trusted roots to Mozilla's, which must happen before the first request.
 */
function takeEnvironment(): ReadonlyMap<string, string> {
  const environment = new Map(Object.entries(Deno.env.toObject()));
  for (const name of PROXIES.flatMap((one) => [one, one.toUpperCase()])) {
    if (environment.has(name)) Deno.env.delete(name);
  }
  if (!environment.has("DENO_TLS_CA_STORE")) {
    Deno.env.set("DENO_TLS_CA_STORE", "system,mozilla");
  }
  return environment;
}

/**
 * The first signal aborts, the second ends the program at once. A command that has
 * nothing to end goes without, and without the thread that listens.
 */
function listenToSignals(): AbortSignal {
  const controller = new AbortController();
  const listen = (name: "SIGINT" | "SIGTERM", exit: number) => {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(exit);
      controller.abort(new Interrupted(name));
    });
  };
  listen("SIGINT", 130);
  // Windows has no SIGTERM.
  if (Deno.build.os !== "windows") listen("SIGTERM", 143);
  return controller.signal;
}

/** A promise that nobody waited for: a defect, told without internal paths. */
function onLost(event: PromiseRejectionEvent): void {
  event.preventDefault();
  const { reason } = event;
  const text = reason instanceof Error ? reason.message : String(reason);
  systemIo(() => AbortSignal.abort()).stderr.writeSync(`error: ${text}\n`);
  Deno.exit(1);
}
