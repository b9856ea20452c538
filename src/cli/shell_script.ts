/**
 * Completion scripts for shells: those of `@bomb.sh/tab`, made to call our
 * hidden command and to know what it does not.
 *
 * @module
 */
import { script } from "@bomb.sh/tab";
import type { Shell } from "./shells.ts";
import { spoken } from "./tab.ts";

/** Options for {@linkcode shellScript}. */
export interface ShellScriptOptions {
  /** Whether candidates come with what they are. @default {true} */
  readonly descriptions?: boolean;
}

/**
 * Debian's bash has the functions that the script calls in a package of its
 * own. Without it, words are cut at colons, which references have.
 */
const BASH_FALLBACKS = `
# Where the package bash-completion is missing.
if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        local line="\${COMP_LINE:0:COMP_POINT}"
        read -r -a words <<< "$line"
        [[ "$line" == *" " ]] && words+=("")
        cword=$((\${#words[@]} - 1))
        cur="\${words[cword]}"
        prev="\${words[cword - 1]}"
    }
fi
`;

/** Readline replaces what follows the last colon alone, or the last equals sign. */
const BASH_TRIM = `
    # Readline takes a colon and an equals sign for the end of a word.
    local breaks="\${COMP_WORDBREAKS//[^:=]/}" before="" i
    for ((i = 0; i < \${#cur}; i++)); do
        [[ -n "$breaks" && "\${cur:i:1}" == ["$breaks"] ]] && before="\${cur:0:i+1}"
    done
    if [[ -n "$before" ]]; then
        for i in "\${!COMPREPLY[@]}"; do
            COMPREPLY[i]="\${COMPREPLY[i]#"$before"}"
        done
    fi
    # A folder, or a registry, is followed by more.
    [[ "\${#COMPREPLY[@]}" -eq 1 && "\${COMPREPLY[0]}" == */ ]] && compopt -o nospace
`;

/** The script that completes the commands of a tool in a shell. */
export function shellScript(
  shell: Shell,
  tool: string,
  options: ShellScriptOptions = {},
): string {
  const { descriptions = true } = options;
  const word = descriptions ? "__complete" : "__completeNoDesc";
  const text = spoken(() => script(shell, tool, tool))
    .replaceAll(`${tool} complete --`, `${tool} ${word} --`)
    .replaceAll(`${tool} complete '--'`, `${tool} ${word} '--'`); // PowerShell
  if (shell === "zsh") {
    // A colon parts a candidate from what it is: one in a reference is escaped.
    return text.replace("comp=${comp//:/\\:}", "comp=${comp//:/\\\\:}");
  }
  if (shell !== "bash") return text;
  const reply = /( *COMPREPLY=\( \$\(compgen -W [^\n]*\n)(\}\n)/;
  return BASH_FALLBACKS.trimStart() +
    text.replace(
      reply,
      (_, line: string, end: string) => `${line}${BASH_TRIM}${end}`,
    )
      // Sourced twice, the script must not fail.
      .replaceAll(/^readonly (ShellComp)/gm, "$1");
}
