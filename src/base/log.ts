/**
 * Log records, as Go's `slog` prints them: one line each, as text or as JSON.
 *
 * @module
 */

/** The numeric levels of `slog`; a record is shown when it is at or above the threshold. */
export const LEVELS = {
  trace: -8,
  debug: -4,
  info: 0,
  warn: 4,
  error: 8,
} as const;

/** A value in a log record. A `bigint` is a duration in nanoseconds. */
export type LogValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Error
  | Date
  | readonly LogValue[]
  | LogStruct
  | { readonly [key: string]: LogValue };

/** A value with its own text form (Go's `%+v`) and its own JSON form. */
export interface LogStruct {
  /** The text form. */
  readonly logText: string;
  /** The JSON form. */
  readonly logJson: unknown;
}

/** The attributes of a record, in the order in which they are printed. */
export type LogAttributes = Readonly<Record<string, LogValue>>;

/** One log record. */
export interface LogRecord {
  /** When it happened. */
  readonly time: Date;
  /** The numeric level, see {@linkcode LEVELS}. */
  readonly level: number;
  /** What happened: a fixed text. */
  readonly message: string;
  /** The facts. */
  readonly attributes: LogAttributes;
}

/** Takes records that passed the threshold. */
export type LogSink = (record: LogRecord) => void;

/** Writes records at or above a threshold to a sink. */
export class Log {
  /** Records below this level are dropped. */
  readonly threshold: number;
  readonly #sink: LogSink;

  /**
   * Makes a log.
   *
   * @param threshold See {@linkcode LEVELS}.
   * @param sink Where records go.
   */
  constructor(threshold: number, sink: LogSink) {
    this.threshold = threshold;
    this.#sink = sink;
  }

  /** Tells whether records of a level are shown: ask before costly attributes. */
  shows(level: number): boolean {
    return level >= this.threshold;
  }

  /** Writes a record of any level. */
  write(level: number, message: string, attributes: LogAttributes = {}): void {
    if (!this.shows(level)) return;
    this.#sink({ time: new Date(), level, message, attributes });
  }

  /** Every request on the wire. */
  trace(message: string, attributes?: LogAttributes): void {
    this.write(LEVELS.trace, message, attributes);
  }
  /** What explains a behaviour afterwards. */
  debug(message: string, attributes?: LogAttributes): void {
    this.write(LEVELS.debug, message, attributes);
  }
  /** What changed. */
  info(message: string, attributes?: LogAttributes): void {
    this.write(LEVELS.info, message, attributes);
  }
  /** What somebody should look at. */
  warn(message: string, attributes?: LogAttributes): void {
    this.write(LEVELS.warn, message, attributes);
  }
  /** What failed. */
  error(message: string, attributes?: LogAttributes): void {
    this.write(LEVELS.error, message, attributes);
  }
}

/** A log that shows nothing. */
export const silent: Log = new Log(Infinity, () => {});
