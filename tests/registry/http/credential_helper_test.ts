import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  askHelper,
  eraseLogin,
  listHelper,
} from "../../../src/registry/http/credential_helper.ts";
import { tempDir } from "../../support/temp.ts";

async function helper(dir: string, script: string): Promise<string> {
  const path = `${dir}/docker-credential-test`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

Deno.test("askHelper() writes the server, reads the login, and knows tokens", async () => {
  await using dir = await tempDir();
  const path = await helper(
    dir.path,
    `read -r server; [ "$server" = r.example ] && name=user || name="<token>"
printf '{"ServerURL":"x","Username":"%s","Secret":"s"}' "$name"`,
  );
  deepStrictEqual(await askHelper(path, "r.example"), {
    user: "user",
    pass: "s",
    token: "",
  });
  deepStrictEqual(await askHelper(path, "other"), {
    user: "",
    pass: "",
    token: "s",
  });
});

Deno.test("askHelper() knows no login where the helper says so, and fails else", async () => {
  await using dir = await tempDir();
  const none = await helper(
    dir.path,
    "echo credentials not found in native keychain; exit 1",
  );
  strictEqual(await askHelper(none, "r"), undefined);
  const broken = await helper(dir.path, "echo 'SECRET'; exit 3");
  await rejects(
    askHelper(broken, "r"),
    (error: Error) => !error.message.includes("SECRET"),
  );
  const garbage = await helper(dir.path, "echo '{SECRET'");
  await rejects(
    askHelper(garbage, "r"),
    (error: Error) => !error.message.includes("SECRET"),
  );
  await rejects(askHelper(`${dir.path}/missing`, "r"), { code: "config" });
});

Deno.test("listHelper() gives the users by server", async () => {
  await using dir = await tempDir();
  const path = await helper(
    dir.path,
    `[ "$1" = list ] && echo '{"https://a/":"u","b":"v","c":5}'`,
  );
  deepStrictEqual([...await listHelper(path)], [["https://a/", "u"], [
    "b",
    "v",
  ]]);
});

Deno.test("askHelper() gives the helper the variables it needs beside its own", async () => {
  await using dir = await tempDir();
  const path = await helper(
    dir.path,
    `printf '{"Username":"%s","Secret":"s"}' "$HTTPS_PROXY"`,
  );
  const login = await askHelper(path, "r", { env: { HTTPS_PROXY: "proxy" } });
  strictEqual(login?.user, "proxy");
});

Deno.test("askHelper() waits for a helper that hangs as long as it is told, not for ever", async () => {
  await using dir = await tempDir();
  // The shell's child holds the output open when the shell is killed.
  for (
    const script of ["sleep 3", "exec sleep 3", "exec >&-; exec sleep 3"]
  ) {
    const path = await helper(dir.path, script);
    await rejects(askHelper(path, "r", { timeoutMs: 50 }), {
      code: "config",
      message:
        `Cannot run credential helper "${path}": no answer within 0.05 seconds`,
    });
  }
});

Deno.test("askHelper() ends with its signal", async () => {
  await using dir = await tempDir();
  const path = await helper(dir.path, "sleep 3");
  const signal = AbortSignal.timeout(20);
  await rejects(askHelper(path, "r", { signal }), { name: "TimeoutError" });
});

Deno.test("askHelper() reads no answer that never ends", async () => {
  await using dir = await tempDir();
  const path = await helper(dir.path, "exec yes");
  await rejects(askHelper(path, "r"), {
    code: "config",
    message: /More than 1048576 bytes came/,
  });
});

Deno.test("eraseLogin() names the server, and tells whether there was a login", async () => {
  await using dir = await tempDir();
  const path = await helper(
    dir.path,
    `[ "$1" = erase ] || exit 9
case $(cat) in
known) exit 0 ;;
unknown) echo credentials not found in native keychain; exit 1 ;;
*) exit 3 ;;
esac`,
  );
  strictEqual(await eraseLogin(path, "known"), true);
  strictEqual(await eraseLogin(path, "unknown"), false);
  await rejects(eraseLogin(path, "refused"), { code: "config" });
});
