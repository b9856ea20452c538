/**
 * A tool whose commands try what a command must not do, started as main.ts
 * starts the tools: from its source, or compiled.
 */
import process from "node:process";
import { commandsWith, type Tool } from "../../src/cli/command.ts";
import {
  type Needs,
  READS,
  systemPermissions,
  WRITES,
} from "../../src/cli/permissions.ts";
import { logFlags } from "../../src/cli/log_flags.ts";
import { run } from "../../src/cli/run.ts";
import { systemIo } from "../../src/cli/system_io.ts";

const environment = new Map(Object.entries(Deno.env.toObject()));
const permissions = systemPermissions();

/** What is tried; each is given a path that it may write to. */
const ATTEMPTS: Readonly<Record<string, (path: string) => unknown>> = {
  env: () => Deno.env.get("PROBE") === "secret" || fail(),
  "process.env": () => process.env["PROBE"] === "secret" || fail(),
  net: async () => {
    using _ = await Deno.listen({ hostname: "127.0.0.1", port: 0 });
  },
  read: () => Deno.statSync("."),
  run: (path) =>
    new Deno.Command("touch", { args: [`${path}/run`] }).outputSync(),
  settle: () => permissions.settle("run", true),
  write: (path) => Deno.writeTextFileSync(`${path}/write`, ""),
};

function fail(): never {
  throw new Error("it is not there");
}

const define = commandsWith({});
const command = (name: string, needs?: Needs) =>
  define({
    name,
    summary: name,
    args: ["path"],
    flags: {},
    ...(needs ? { needs } : {}),
    async run(io, { args: [path] }) {
      const done: string[] = [];
      for (const [name, attempt] of Object.entries(ATTEMPTS)) {
        try {
          await attempt(path);
          done.push(name);
        } catch {
          // Refused: that is what the probe finds out.
        }
      }
      await io.stdout.write(`${done.join(" ")}\n`);
    },
  });

const tool: Tool = {
  name: "probe",
  summary: "tries what it must not do",
  globals: logFlags("WARN"),
  errors: "explained",
  load: () =>
    Promise.resolve([
      command("nothing"),
      command("reads", READS),
      command("writes", WRITES),
    ]),
};

const io = systemIo(() => new AbortController().signal, {
  permissions,
  environment: (name) => environment.get(name),
});
Deno.exit(await run(tool, Deno.args, io));
