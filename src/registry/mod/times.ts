/**
 * Times that modifications set: which, and on what.
 *
 * @module
 */
import { RegError } from "../../base/errors.ts";
import type { Reference } from "../reference.ts";
import { type ConfigNode, objectIn } from "./tree.ts";

/** A moment, with the text that says it. */
export interface Moment {
  /** Nanoseconds since 1970. */
  readonly nanoseconds: bigint;
  /** RFC 3339, with its own offset. */
  readonly text: string;
}

/** Which times to change, and into what. */
export interface TimeOptions {
  /** The new time; this or a label is needed. */
  readonly set?: Moment | undefined;
  /** The label of the image that says the new time. */
  readonly fromLabel?: string | undefined;
  /** Leaves times alone that are not after this one. */
  readonly after?: Moment | undefined;
  /** Leaves what comes from this base image alone. */
  readonly baseRef?: Reference | undefined;
  /** Leaves so many layers at the bottom alone. */
  readonly baseLayers?: number | undefined;
}

/**
 * Parses RFC 3339.
 *
 * @throws {RegError} `usage`
 */
export function parseMoment(text: string): Moment {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(?:Z|([+-])(\d\d):(\d\d))$/
      .exec(text);
  const numbers = match?.slice(1, 7).map(Number) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    numbers;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isReal = date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 && minute < 60 && second < 60;
  if (!match || !isReal) {
    throw new RegError(
      "usage",
      `Cannot parse time "${text}": it is not RFC 3339`,
    );
  }
  const [fraction = "", sign = "", hours = "0", minutes = "0"] = match.slice(7);
  const offset = (Number(hours) * 60 + Number(minutes)) *
    (sign === "-" ? -1 : 1);
  const milliseconds = date.getTime() - offset * 60_000;
  return {
    text,
    nanoseconds: BigInt(milliseconds) * 1_000_000n +
      BigInt(fraction.padEnd(9, "0")),
  };
}

/**
 * Finds out the time to set; asked again for each config, labels must agree.
 */
export class TimeSetting {
  readonly #options: TimeOptions;
  #set: Moment | undefined;

  /**
   * Takes the options.
   *
   * @param name What asks for them, for messages.
   * @throws {RegError} `usage` where no time is given.
   */
  constructor(options: TimeOptions, name: string) {
    if (!options.set && !options.fromLabel) {
      throw new RegError("usage", `${name} requires a time to set`);
    }
    this.#options = options;
    this.#set = options.set;
  }

  /** Reads the label of a config, where the time comes from one. */
  learn(config: ConfigNode): void {
    const { fromLabel = "" } = this.#options;
    if (fromLabel === "") return;
    const label =
      objectIn(objectIn(config.json, "config"), "Labels")[fromLabel];
    if (typeof label !== "string") {
      throw new RegError("not_found", `label not found: ${fromLabel}`);
    }
    const found = parseLabel(label, fromLabel);
    if (this.#set && this.#set.nanoseconds !== found.nanoseconds) {
      throw new RegError(
        "mismatch",
        `conflicting time labels found ${this.#set.text} and ${found.text}`,
      );
    }
    this.#set = found;
  }

  /** The new time for one that is there; `undefined` where that stays. */
  change(nanoseconds: bigint): Moment | undefined {
    const { after } = this.#options;
    if (this.#set === undefined) {
      throw new RegError("not_found", "timestamp not available");
    }
    if (after && nanoseconds <= after.nanoseconds) return undefined;
    return nanoseconds === this.#set.nanoseconds ? undefined : this.#set;
  }
}

function parseLabel(text: string, label: string): Moment {
  try {
    return parseMoment(text);
  } catch (cause) {
    throw new RegError(
      "invalid",
      `could not parse time ${text} from ${label}`,
      { cause },
    );
  }
}
