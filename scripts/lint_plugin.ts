/**
 * The house rules that a program can check, as a `deno lint` plugin.
 *
 * @module
 */

/** Where a rule holds: paths below the repository, `/` at the end for folders. */
interface Place {
  /** Files in which the rule holds. */
  readonly inside: readonly string[];
  /** Files in which it does not, with the reason beside each. */
  readonly except?: readonly string[];
}

const ROOT = new URL("../", import.meta.url).pathname;

/** A file's path below the repository, or the whole path where it lies outside. */
function pathOf(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

function holds(filename: string, place: Place): boolean {
  const path = pathOf(filename);
  const within = (prefix: string) =>
    prefix.endsWith("/") ? path.startsWith(prefix) : path === prefix;
  return place.inside.some(within) && !(place.except ?? []).some(within);
}

/** Makes a rule that visits only the files of its place. */
function rule(
  place: Place,
  visit: (context: Deno.lint.RuleContext) => Deno.lint.LintVisitor,
): Deno.lint.Rule {
  return {
    create: (context) => holds(context.filename, place) ? visit(context) : {},
  };
}

function isName(node: Deno.lint.Node, ...names: string[]): boolean {
  return node.type === "Identifier" && names.includes(node.name);
}

/** The fixed text of a message: of a template, its pieces around the values. */
function messageText(node: Deno.lint.Node | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") {
    return node.value;
  }
  if (node?.type !== "TemplateLiteral") return undefined;
  return node.quasis.map((piece) => piece.cooked).join("…");
}

const plugin: Deno.lint.Plugin = {
  name: "regkit",
  rules: {
    "no-bare-timer": rule({
      inside: ["src/"],
      except: ["src/base/sleep.ts"], // the one timer
    }, (context) => ({
      CallExpression(node) {
        if (!isName(node.callee, "setTimeout", "setInterval")) return;
        context.report({
          node,
          message: "A bare timer ignores cancellation",
          hint: "Use sleep(ms, { signal }) of src/base/sleep.ts",
        });
      },
    })),
    "no-default-export": rule({
      inside: ["src/", "tests/", "scripts/", "bench/", "examples/"],
      except: ["scripts/lint_plugin.ts"], // the form that deno lint loads
    }, (context) => ({
      ExportDefaultDeclaration(node) {
        context.report({
          node,
          message: "A default export has no name to search for",
          hint: "Export it by name",
        });
      },
    })),
    "no-console": rule({
      inside: ["src/"],
      except: ["src/main.ts"], // the last word of a program that broke
    }, (context) => ({
      MemberExpression(node) {
        if (!isName(node.object, "console")) return;
        context.report({
          node,
          message: "Output goes through Io, reports through Log",
        });
      },
    })),
    "no-double-cast": rule({
      inside: ["src/", "tests/", "scripts/", "bench/", "examples/"],
    }, (context) => ({
      TSAsExpression(node) {
        const inner = node.expression;
        if (inner.type !== "TSAsExpression") return;
        if (inner.typeAnnotation.type !== "TSUnknownKeyword") return;
        context.report({
          node,
          message: "A cast through unknown hides what the type says",
          hint: "Parse the value at the edge, or take the smaller interface",
        });
      },
    })),
    "no-exit": rule({
      inside: ["src/"],
      except: ["src/main.ts"], // the one place that ends the process
    }, (context) => ({
      MemberExpression(node) {
        if (!isName(node.object, "Deno")) return;
        if (!isName(node.property, "exit", "exitCode")) return;
        context.report({
          node,
          message: "Only src/main.ts decides how the process ends",
          hint: "Throw a RegError, or return the status",
        });
      },
    })),
    "no-runtime-in-library": rule({
      inside: ["src/registry/", "src/view/", "src/template/", "src/schedule/"],
      except: [
        "src/registry/store/layout.ts", // files are its purpose
        "src/registry/store/layout/",
        "src/registry/store/tar.ts",
        "src/registry/store/tar/",
        "src/registry/layers/pack.ts", // from a directory
        "src/registry/layers/unpack.ts", // into one
        "src/registry/layers/spool.ts", // temporary files
        "src/registry/http/fetch_client.ts", // Deno.createHttpClient
        "src/registry/http/credential_helper.ts", // runs the user's helper
      ],
    }, (context) => ({
      MemberExpression(node) {
        if (!isName(node.object, "Deno")) return;
        context.report({
          node,
          message: "The library reaches the system in a few files only",
          hint: "docs/architecture.md lists them; take the value as an option",
        });
      },
    })),
    "error-text": rule({ inside: ["src/"] }, (context) => ({
      NewExpression(node) {
        if (!isName(node.callee, "RegError")) return;
        const text = messageText(node.arguments[1]);
        if (text === undefined) return;
        if (text.endsWith(".")) {
          context.report({ node, message: "An error text ends in no period" });
        }
        if (/\b\w+n't\b/.test(text)) {
          context.report({ node, message: "An error text has no contraction" });
        }
      },
    })),
    "no-polling": rule({ inside: ["tests/"] }, (context) => ({
      CallExpression(node) {
        const callee = node.callee;
        if (!isName(callee, "setInterval")) return;
        context.report({
          node,
          message: "A test does not poll by the clock",
          hint: "Wait for the event, or step the clock by hand",
        });
      },
    })),
  },
};

export default plugin;
