import type { Environment } from "@marcbachmann/cel-js";

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

const MOST_REPETITIONS = 1000;
const compiled = new Map<string, RegExp>();

/** `find` and `findAll` of apiserver/pkg/cel/library/regex.go, and `matches`, over patterns of RE2. */
export function addRegularExpressions(environment: Environment): void {
  environment.registerFunction("string.matches_(string): bool", (text: string, pattern: string) =>
    regularExpression(pattern).test(text),
  );
  environment.registerFunction(
    "string.find(string): string",
    (text: string, pattern: string) => regularExpression(pattern).exec(text)?.[0] ?? "",
  );
  environment.registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
    findAll(text, pattern, -1n),
  );
  environment.registerFunction("string.findAll(string, int): list<string>", findAll);
}

function findAll(text: string, pattern: string, most: bigint): string[] {
  const { source, flags } = regularExpression(pattern);
  const found = Array.from(text.matchAll(new RegExp(source, `${flags}g`)), ([match]) => match);
  return most < 0n ? found : found.slice(0, Number(most));
}

/**
 * JavaScript's expression for a pattern of RE2.
 * @throws Error with Go's text, or what of it is known, when RE2 refuses the pattern
 */
export function regularExpression(pattern: string): RegExp {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = translated(pattern);
    compiled.set(pattern, expression);
  }
  return expression;
}

function translated(pattern: string): RegExp {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const body = leading === null ? pattern : pattern.slice(leading[0].length);
  const unknown = /(?<!\\)\(\?<?[=!]/.exec(body)?.[0];
  if (unknown !== undefined) throw invalid("invalid or unsupported Perl syntax", unknown);
  for (const [repetition, least, most = least] of body.matchAll(/\{(\d+)(?:,(\d+))?,?\}/g)) {
    if (Math.max(Number(least), Number(most)) > MOST_REPETITIONS)
      throw invalid("invalid repeat count", repetition);
  }
  const source = body
    .replaceAll("(?P<", "(?<")
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole)
    .replaceAll(/\\([pP])(\w)/g, "\\$1{$2}")
    .replaceAll(/\\(.)/gsu, escaped);
  try {
    return new RegExp(source, `u${leading?.[1] ?? ""}`);
  } catch {
    if (openGroups(body) > 0) throw invalid("missing closing )", pattern);
    throw invalid("invalid expression", pattern);
  }
}

/** RE2 escapes any punctuation, JavaScript only what has a meaning. */
function escaped(whole: string, character: string): string {
  if (/[1-9]/.test(character)) throw invalid("invalid escape sequence", whole);
  if (character === "_") return character;
  if (character === "A") return "(?<![\\s\\S])";
  if (character === "z") return "(?![\\s\\S])";
  return /[^\w\s^$\\.*+?()[\]{}|/-]/u.test(character) ? character : whole;
}

function openGroups(pattern: string): number {
  const marks = pattern.replaceAll(/\\.|\[\]?[^\]]*\]/gs, "");
  return marks.split("(").length - marks.split(")").length;
}

function invalid(why: string, where: string): Error {
  return new Error(`error parsing regexp: ${why}: \`${where}\``);
}
