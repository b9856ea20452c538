/**
 * regbot's file: from its text to scripts that are ready to run.
 *
 * @module
 */
import { messageOf, RegError } from "../base/errors.ts";
import { parseSchedule } from "../schedule/cron.ts";
import { type Credential, credentials } from "./creds.ts";
import { type Decoded, formatProblem, type Problem } from "./decode.ts";
import { list, record, table } from "./decode_parts.ts";
import { bool, duration, integer, text } from "./decode_scalar.ts";
import { CREDENTIAL_TEMPLATES, START } from "./expand.ts";
import { credsOf, type LoadOptions, openFile } from "./tool_file.ts";
import type { Position } from "./yaml.ts";

const patterns = (what: string) =>
  list(text(), {
    description:
      `Registries and repositories to ${what}, such as ghcr.io or ghcr.io/acme/*; all where left out.`,
  });

const allow = record({
  read: patterns("read"),
  write: patterns("write"),
  delete: patterns("delete from"),
  directories: list(text(), {
    description:
      "Directories for exportTar, importTar, ocidir:// and io; the working directory where left out, unless it is / or the home.",
  }),
  env: list(text(), {
    description: "Variables that os.getenv gives; none where left out.",
  }),
}, { description: "What a script may reach." });

/** What `defaults` and the entries of `scripts` have in common. */
const common = {
  interval: duration({ description: "Time between two runs in server mode." }),
  schedule: text({
    check: (value) => value === "" ? undefined : scheduleProblem(value),
    description: "Cron expression for server mode, wins over interval.",
  }),
  timeout: duration({ description: "Time after which a script is ended." }),
  args: table(text(), { description: "What scripts find in the table args." }),
  allow,
};

const defaults = record({
  ...common,
  parallel: integer({
    description:
      "Copies at a time; 0 runs the scripts one after another, else all start at once.",
  }),
  blobLimit: integer({
    description: "The largest chunk of an upload that a registry may ask for.",
  }),
  skipDockerConfig: bool({
    description: "Does not read the logins of Docker and Podman.",
  }),
  userAgent: text({ description: "Replaces the User-Agent header." }),
}, { description: "Settings of all scripts." });

const script = record({
  name: text({ description: "The script's name in logs." }),
  script: text({ description: "The text, in Lua 5.1." }),
  ...common,
}, { description: "A script." });

/** Decodes the file. */
export const regbotFile = record({
  version: integer({ description: "1, or left out." }),
  creds: credentials,
  defaults,
  scripts: list(script, { description: "The scripts." }),
}, { description: "Configuration of regbot." });

/** What a script may reach, as it is written. */
export type RegbotAllow = Decoded<typeof allow>;
/** `defaults` as it is written. */
export type RegbotDefaults = Decoded<typeof defaults>;

/** A script, with all that it inherits. Durations are in nanoseconds. */
export interface RegbotScript {
  /** Its name in logs. */
  readonly name: string;
  /** Its text. */
  readonly script: string;
  /** Time between two runs. */
  readonly interval: bigint;
  /** Cron expression. */
  readonly schedule: string;
  /** How long it may run; 0 or less: as long as it wants. */
  readonly timeout: bigint;
  /** What it finds in the table `args`. */
  readonly args: Readonly<Record<string, string>>;
  /** What it may reach. */
  readonly allow: RegbotAllow;
  /** The line of the file before the text's first. */
  readonly lineBefore: number;
  /** Where the schedule is. */
  readonly scheduleAt: Position;
}

/** The file, with everything inherited and expanded. */
export interface RegbotConfig {
  /** Registries. */
  readonly creds: readonly Credential[];
  /** Settings of all scripts. */
  readonly defaults: RegbotDefaults;
  /** The scripts in the order of the file. */
  readonly scripts: readonly RegbotScript[];
  /** What is probably not meant. */
  readonly warnings: readonly Problem[];
  /** The file's name, for messages. */
  readonly file: string;
}

/**
 * Reads a configuration.
 *
 * @throws {RegError} `config` with `file:line:column: key: …`.
 */
export function loadRegbot(
  text: string,
  options: LoadOptions = {},
): RegbotConfig {
  const opened = openFile(regbotFile, text, options);
  const { value, places, warnings, file } = opened;
  const defaults = value.defaults ?? {};
  return {
    creds: credsOf(opened, CREDENTIAL_TEMPLATES),
    defaults,
    scripts: (value.scripts ?? []).map((entry, index) => {
      const path = `scripts[${index}]`;
      const at = places.get(`${path}.script`) ?? START;
      return {
        ...inherit(entry, defaults),
        // A block begins on the line after its mark.
        lineBefore: entry.script?.includes("\n") ? at.line : at.line - 1,
        scheduleAt: places.get(`${path}.schedule`) ??
          places.get("defaults.schedule") ?? START,
      };
    }),
    warnings,
    file,
  };
}

function inherit(
  entry: Decoded<typeof script>,
  defaults: RegbotDefaults,
): Omit<RegbotScript, "lineBefore" | "scheduleAt"> {
  const own = (entry.interval ?? 0n) !== 0n || (entry.schedule ?? "") !== "";
  // A script that has either of schedule and interval inherits neither.
  const { interval = 0n, schedule = "" } = own ? entry : defaults;
  return {
    name: entry.name ?? "",
    script: entry.script ?? "",
    interval,
    schedule,
    timeout: entry.timeout || (defaults.timeout ?? 0n),
    args: { ...defaults.args, ...entry.args },
    allow: { ...defaults.allow, ...entry.allow },
  };
}

function scheduleProblem(schedule: string): string | undefined {
  try {
    parseSchedule(schedule);
    return undefined;
  } catch (error) {
    return `${messageOf(error)}; found ${JSON.stringify(schedule)}`;
  }
}

/**
 * Refuses a file with a schedule that cannot be.
 *
 * @throws {RegError} `config` with a line for each, `file:line:column: …`.
 */
export function checkSchedules(config: RegbotConfig): void {
  const lines = config.scripts.flatMap(({ schedule, scheduleAt, name }) => {
    const problem = schedule === "" ? undefined : scheduleProblem(schedule);
    if (problem === undefined) return [];
    const path = `schedule of ${JSON.stringify(name)}`;
    const at = { severity: "error", at: scheduleAt, path } as const;
    return [formatProblem({ ...at, message: problem }, config.file)];
  });
  if (lines.length > 0) throw new RegError("config", lines.join("\n"));
}
