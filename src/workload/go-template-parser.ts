import { TemplateError } from "./go-template-error.ts";
import { isFunction, type TemplateValue } from "./go-template-functions.ts";
import { tokenizeExpression } from "./go-template-tokens.ts";

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipeline: Pipeline }
  | Block
  | { readonly kind: "break" | "continue" };

/** What `if`, `with` and `range` enclose, up to `end`. */
export interface Block {
  readonly kind: "if" | "with" | "range";
  readonly pipeline: Pipeline;
  readonly body: TemplateNode[];
  readonly otherwise: TemplateNode[];
}

/** Commands joined by `|`; its value goes to the variables of `declares`. */
export interface Pipeline {
  readonly declares: readonly string[];
  /** `=` in place of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A call with its operands, or one operand. */
export interface Command {
  readonly call: string | undefined;
  readonly operands: readonly Operand[];
  readonly text: string;
}

export type Operand =
  | { readonly kind: "literal"; readonly value: TemplateValue }
  | { readonly kind: "dot"; readonly path: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: "pipeline"; readonly pipeline: Pipeline; readonly path: readonly string[] };

/** Where nodes go: into the block that is open, or the one after `else`. */
interface Open {
  readonly block: Block | undefined;
  nodes: TemplateNode[];
  /** `else if` and `else with` open a block that the same `end` closes. */
  readonly chained: boolean;
}

/** @throws TemplateError for what is wrong, or beyond the subset. */
export function parseGoTemplate(text: string): TemplateNode[] {
  const root: TemplateNode[] = [];
  const stack: Open[] = [{ block: undefined, nodes: root, chained: false }];
  for (const part of split(text)) {
    const open = stack.at(-1)!;
    if (part.text !== "") open.nodes.push({ kind: "text", text: part.text });
    const { action } = part;
    if (action === undefined || action === "" || action.startsWith("/*")) continue;
    const [word] = /^\S+/.exec(action)!;
    const rest = action.slice(word.length).trim();
    if (word === "if" || word === "with" || word === "range") {
      stack.push(openBlock(open, word, rest, false));
    } else if (word === "else") {
      if (open.block === undefined) throw new TemplateError("invalid template: else without if");
      open.nodes = open.block.otherwise;
      const [next = ""] = /^\w*/.exec(rest)!;
      if (next === "if" || next === "with") {
        stack.push(openBlock(open, next, rest.slice(next.length).trim(), true));
      } else if (rest !== "") throw new TemplateError(`invalid template: else ${rest}`);
    } else if (word === "end") {
      let closed = stack.pop()!;
      while (closed.chained) closed = stack.pop()!;
      if (closed.block === undefined) throw new TemplateError("invalid template: end without if");
    } else if (word === "break" || word === "continue") {
      if (!stack.some(({ block }) => block?.kind === "range"))
        throw new TemplateError(`invalid template: ${word} outside of range`);
      open.nodes.push({ kind: word });
    } else if (word === "define" || word === "template" || word === "block") {
      throw new TemplateError(`template action ${word}`);
    } else open.nodes.push({ kind: "action", pipeline: parsePipeline(action) });
  }
  const unclosed = stack.at(-1)!.block;
  if (unclosed !== undefined) throw new TemplateError(`invalid template: ${unclosed.kind} without end`);
  return root;
}

function openBlock(outer: Open, kind: Block["kind"], expression: string, chained: boolean): Open {
  const block: Block = { kind, pipeline: parsePipeline(expression), body: [], otherwise: [] };
  outer.nodes.push(block);
  return { block, nodes: block.body, chained };
}

/** Literal text and the action after it, if there is one; `{{-` and `-}}` take the white space beside them. */
function split(text: string): { text: string; action: string | undefined }[] {
  const parts: { text: string; action: string | undefined }[] = [];
  let trims = false;
  for (const match of text.matchAll(/([\s\S]*?)(?:\{\{(-(?=\s))?\s*([\s\S]*?)\s*((?<=\s)-)?\}\}|$)/g)) {
    const [, literal = "", trimLeft, action, trimRight] = match;
    let kept = trims ? literal.trimStart() : literal;
    if (trimLeft !== undefined) kept = kept.trimEnd();
    trims = trimRight !== undefined;
    parts.push({ text: kept, action });
  }
  return parts;
}

function parsePipeline(expression: string): Pipeline {
  const declaration = /^(\$\w*(?:\s*,\s*\$\w*)?)\s*(:?=)\s*([\s\S]*)$/.exec(expression);
  const body = declaration?.[3] ?? expression;
  const tokens = tokenizeExpression(body);
  if (tokens === undefined || tokens.length === 0)
    throw new TemplateError(`template expression ${expression}`);
  const parser = new ExpressionParser(tokens, expression);
  const commands = parser.commands();
  parser.expectEnd();
  return {
    declares: declaration === null ? [] : declaration[1].split(",").map((name) => name.trim()),
    assigns: declaration?.[2] === "=",
    commands,
  };
}

class ExpressionParser {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(tokens: readonly string[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  commands(): Command[] {
    const commands = [this.#command()];
    while (this.#tokens[this.#at] === "|") {
      this.#at++;
      commands.push(this.#command());
    }
    return commands;
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) throw this.#wrong();
  }

  #command(): Command {
    const word = this.#tokens[this.#at] ?? "";
    const call = isFunction(word) ? word : undefined;
    if (call !== undefined) this.#at++;
    const operands: Operand[] = [];
    while (this.#at < this.#tokens.length && !["|", ")"].includes(this.#tokens[this.#at])) {
      operands.push(this.#operand());
    }
    if (call === undefined && operands.length !== 1) throw this.#wrong();
    return { call, operands, text: this.#text };
  }

  #operand(): Operand {
    const token = this.#tokens[this.#at++];
    if (token === "(") {
      const commands = this.commands();
      if (this.#tokens[this.#at++] !== ")") throw this.#wrong();
      const next = this.#tokens[this.#at];
      const path = next !== undefined && /^\.\w/.test(next) ? pathOf(this.#tokens[this.#at++]) : [];
      return { kind: "pipeline", pipeline: { declares: [], assigns: false, commands }, path };
    }
    if (token.startsWith(".") && !/^\.\d/.test(token)) return { kind: "dot", path: pathOf(token) };
    if (token.startsWith("$")) {
      const [name, ...path] = token.split(".");
      return { kind: "variable", name, path };
    }
    if (token.startsWith('"')) return { kind: "literal", value: quoted(token) };
    if (token.startsWith("`")) return { kind: "literal", value: token.slice(1, -1) };
    if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
    if (token === "nil") return { kind: "literal", value: undefined };
    // A function without arguments, as in `eq (len .x) 0`, would have been a command of its own.
    const number = Number(token);
    if (Number.isNaN(number)) throw new TemplateError(`template function ${token}`);
    return { kind: "literal", value: number };
  }

  #wrong(): TemplateError {
    return new TemplateError(`template expression ${this.#text}`);
  }
}

/** `.a.b`; the dot alone is the value itself. */
function pathOf(token: string): string[] {
  return token.split(".").filter((key) => key !== "");
}

/** Go's escapes are nearly those of JSON; what JSON does not know is kept as written. */
function quoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
}
