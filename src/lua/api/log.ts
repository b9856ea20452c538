/**
 * `log`.
 *
 * @module
 */
import type { Definition } from "./definition.ts";

/** The function that scripts log with. */
export const LOG: readonly Definition[] = [{
  name: "log",
  text: "Logs a message at level INFO, with the script's name.",
  parameters: [{
    name: "message",
    type: "string|number",
    text: "What to log.",
  }],
  results: [],
  local: true,
  run: (call) => {
    const { session } = call;
    session.log.info("User script message", {
      script: session.name,
      message: call.text(1),
    });
    return [];
  },
}];
