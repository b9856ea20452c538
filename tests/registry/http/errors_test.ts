import { rejects, strictEqual } from "node:assert/strict";
import { errors } from "../../../src/registry/http/errors.ts";
import { answer, answers, request } from "../../support/transport.ts";

Deno.test("errors() rejects from status 400 on and passes all else", async () => {
  for (const status of [200, 206, 307]) {
    const given = answer("", { status });
    strictEqual(await errors()(answers(given).next)(request()), given);
  }
  for (
    const [status, code] of [[400, "http"], [404, "not_found"], [
      503,
      "http",
    ]] as const
  ) {
    await rejects(errors()(answers(answer("", { status })).next)(request()), {
      code,
      status,
    });
  }
});
