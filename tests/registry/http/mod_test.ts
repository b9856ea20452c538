import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Log } from "../../../src/base/log.ts";
import { createStack } from "../../../src/registry/http/mod.ts";
import { startRegistry } from "../../support/registry.ts";
import { hosts, request } from "../../support/transport.ts";

Deno.test("createStack() stacks the layers: tokens, retries and limits together, and no secret in its trace", async () => {
  await using registry = startRegistry({
    token: { uses: 2, credentials: { user: "user", password: "hunter2" } },
    faults: [{ path: /tags/, status: 503, times: 1 }],
  });
  const lines: string[] = [];
  await using stack = createStack({
    hosts: hosts({
      name: registry.address,
      tls: "disabled",
      user: "user",
      pass: "hunter2",
    }),
    userAgent: "me",
    firstWaitMs: 1,
    log: new Log(
      -8,
      ({ message, attributes }) =>
        lines.push(`${message} ${JSON.stringify(attributes)}`),
    ),
  });
  const ask = () =>
    stack.transport(
      request({ kind: "list", registry: registry.address, path: "tags/list" }),
    )
      .then(
        (response) => response.body?.cancel(),
        (error: Error) => error.message,
      );
  for (let i = 0; i < 3; i++) await ask();
  strictEqual(registry.tokens.issued, 2);
  strictEqual(lines.some((line) => line.startsWith("reg http request")), true);
  strictEqual(
    lines.some((line) => line.startsWith("Sleeping for backoff")),
    true,
  );
  deepStrictEqual(
    lines.filter((line) => /hunter2|token-\d|dXNlcjpodW50ZXIy/.test(line)),
    [],
  );
});

Deno.test("createStack() tells wrong credentials as what they are", async () => {
  await using registry = startRegistry({
    token: { credentials: { user: "user", password: "right" } },
  });
  await using stack = createStack({
    hosts: hosts({
      name: registry.address,
      tls: "disabled",
      user: "user",
      pass: "wrong",
    }),
    userAgent: "me",
  });
  await rejects(
    stack.transport(request({ registry: registry.address })),
    { code: "unauthorized" },
  );
});
