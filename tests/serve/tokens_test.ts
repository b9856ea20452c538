import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { TOKEN_SECONDS, Tokens } from "../../src/serve/tokens.ts";

Deno.test("Tokens gives back the user until the time is over", () => {
  const tokens = new Tokens();
  for (const user of ["ann", "", "ä:ö/\u{1f600}"]) {
    const token = tokens.issue(user, 0);
    strictEqual(tokens.check(token, TOKEN_SECONDS * 1000 - 1), user);
    strictEqual(tokens.check(token, TOKEN_SECONDS * 1000), undefined);
  }
});

Deno.test("Tokens takes no token of another server, and none that was changed", () => {
  const tokens = new Tokens();
  const token = tokens.issue("ann");
  strictEqual(new Tokens().check(token), undefined);
  fc.assert(fc.property(fc.nat(token.length - 1), fc.string(), (at, text) => {
    const changed = token.slice(0, at) + text + token.slice(at + 1);
    if (changed === token) return;
    strictEqual(tokens.check(changed), undefined);
  }));
  for (const text of ["", ".", "a.b.c", `${token}.x`]) {
    strictEqual(tokens.check(text), undefined);
  }
});
