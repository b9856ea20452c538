import { strictEqual } from "node:assert/strict";
import { shellScript } from "../../src/cli/shell_script.ts";

/** Completes a line in a bash without the package bash-completion. */
async function bash(line: string, answer: string): Promise<string> {
  const script = `
    tool() { printf '%s\\n' ${
    JSON.stringify(answer).replaceAll("\\n", "' '").replaceAll('"', "'")
  } ':4'; }
    ${shellScript("bash", "tool")}
    ${shellScript("bash", "tool")}
    COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
    COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}
    compopt() { :; }
    __tool_complete
    printf '%s,' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: ["--norc", "-c", script],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("the script for bash completes words", async () => {
  strictEqual(await bash("tool im", "image"), "image,");
  strictEqual(await bash("tool image ", "copy\nmod"), "copy,mod,");
});

Deno.test("the script for bash completes behind colons and equals signs", async () => {
  strictEqual(await bash("tool x host:5000/a:v", "host:5000/a:v1"), "v1,");
  strictEqual(await bash("tool x --p=li", "--p=linux"), "linux,");
});
