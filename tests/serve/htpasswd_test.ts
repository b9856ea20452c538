import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { isRegError } from "../../src/base/errors.ts";
import {
  HashedPasswords,
  openHtpasswd,
  parseHtpasswd,
} from "../../src/serve/htpasswd.ts";
import { tempDir } from "../support/temp.ts";

// The lowest cost there is: the tests are about who gets in.
const hash = (password: string) => hashSync(password, 4);

Deno.test("parseHtpasswd() reads users, and tells the line of what it cannot use", () => {
  const good = `# people\nann:${hash("a")}\r\n\nbob:${
    hash("b").replace("$2b$", "$2y$")
  }\n`;
  deepStrictEqual([...parseHtpasswd(good, "f").keys()], ["ann", "bob"]);
  for (
    const line of [
      "ann:plain",
      "ann:{SHA}abc=",
      "ann:$apr1$x$y",
      "nobody",
      ":x",
    ]
  ) {
    throws(
      () => parseHtpasswd(`${good}${line}`, "f"),
      (error) => isRegError(error, "config") && /line 5/.test(error.message),
    );
  }
});

Deno.test("HashedPasswords knows a user's password from another's", async () => {
  const users = new Map([["ann", hash("secret")], ["bob", hash("other")]]);
  const passwords = new HashedPasswords(() => Promise.resolve(users));
  for (let turn = 0; turn < 2; turn++) {
    strictEqual(await passwords.check("ann", "secret"), true);
    strictEqual(await passwords.check("ann", "other"), false);
    strictEqual(await passwords.check("bob", "secret"), false);
    strictEqual(await passwords.check("eve", "secret"), false);
  }
  const nobody = new HashedPasswords(() => Promise.resolve(new Map()));
  strictEqual(await nobody.check("ann", "secret"), false);
});

Deno.test("HashedPasswords forgets a password that was changed", async () => {
  const users = new Map([["ann", hash("old")]]);
  const passwords = new HashedPasswords(() => Promise.resolve(users));
  strictEqual(await passwords.check("ann", "old"), true);
  users.set("ann", hash("new"));
  strictEqual(await passwords.check("ann", "old"), false);
  strictEqual(await passwords.check("ann", "new"), true);
});

Deno.test("HashedPasswords lets only so many wait", async () => {
  const users = new Map([["ann", hash("secret")]]);
  const passwords = new HashedPasswords(() => Promise.resolve(users));
  const all = await Promise.allSettled(
    Array.from({ length: 100 }, (_, i) => passwords.check("ann", `${i}`)),
  );
  const refused = all.filter((one) =>
    one.status === "rejected" && isRegError(one.reason, "rate_limited")
  );
  strictEqual(refused.length, 100 - 65);
});

Deno.test("openHtpasswd() follows the file, and survives a broken one", async () => {
  await using dir = await tempDir();
  const path = join(dir.path, "users");
  await rejects(openHtpasswd(path), (error) => isRegError(error, "file"));
  await Deno.writeTextFile(path, `ann:${hash("one")}`);
  const passwords = await openHtpasswd(path);
  strictEqual(await passwords.check("bob", "two"), false);
  await Deno.writeTextFile(path, `ann:${hash("one")}\nbob:${hash("two")}`);
  strictEqual(await passwords.check("bob", "two"), true);
  await Deno.writeTextFile(path, "broken");
  strictEqual(await passwords.check("ann", "one"), true);
  await Deno.remove(path);
  strictEqual(await passwords.check("ann", "one"), true);
});
