import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Problem } from "../base/errors.ts";

/** A YAML file of ours: its value, and where each part of it stands. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** `file:line:column` of the value at a path, or of its nearest parent that is there. */
  whereOf(path: readonly PropertyKey[]): string;
  /** `file:line:column` of the last key of a path. */
  whereOfKey(path: readonly PropertyKey[]): string;
}

/** Parses the text; undefined when it is no YAML, with every problem in `problems`. */
export function readYamlSource(file: string, text: string, problems: Problem[]): YamlSource | undefined {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  for (const error of document.errors) {
    problems.push({ where: place(error.pos[0]), what: `invalid YAML: ${error.message}` });
  }
  if (document.errors.length > 0) return undefined;
  const offsetOf = (node: unknown) => (isNode(node) ? node.range?.[0] : undefined);
  return {
    file,
    value: plainValue(document, place, problems),
    whereOf(path) {
      for (let length = path.length; length > 0; length--) {
        const offset = offsetOf(document.getIn(path.slice(0, length), true));
        if (offset !== undefined) return place(offset);
      }
      return place(offsetOf(document.contents) ?? 0);
    },
    whereOfKey(path) {
      const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const pair = isMap(parent)
        ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
        : undefined;
      return place(offsetOf(pair?.key) ?? offsetOf(parent) ?? 0);
    },
  };
}

/** Aliases may make a small file explode; the library refuses beyond a hundred. */
function plainValue(document: Document, place: (offset: number) => string, problems: Problem[]): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const aliases: number[] = [];
    visit(document, { Alias: (_, alias) => void aliases.push(alias.range?.[0] ?? 0) });
    problems.push({
      where: place(aliases[0] ?? 0),
      what: `invalid YAML: ${error instanceof Error ? error.message : String(error)}`,
    });
    return undefined;
  }
}
