import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { InputProblems } from "../kubernetes/input-problems.ts";

/** Keys and list indexes from the outermost inwards. */
export type Path = readonly (string | number)[];

/** The text of a configuration: its value, and where each part of it stands. */
export interface ConfigurationSource {
  readonly value: unknown;
  /** `file:line:column` of the value at a path, or of its nearest parent that is there. */
  readonly whereOf: (path: Path) => string;
  /** `file:line:column` of the last key of a path. */
  readonly whereOfKey: (path: Path) => string;
}

/**
 * Parses YAML or JSON, whichever it is. A field that stands twice is a problem, and the rest is read all the same;
 * undefined when there is nothing to read.
 */
export function readConfigurationSource(
  text: string,
  fileName: string,
  problems: InputProblems,
): ConfigurationSource | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}`;
  };
  let broken = false;
  for (const { code, message, pos } of document.errors) {
    if (code === "DUPLICATE_KEY") {
      const key = /^[^\s:]+/.exec(text.slice(pos[0], pos[1] + 60))?.[0] ?? "";
      problems.add(place(pos[0]), `duplicate field: ${key.replaceAll(/["']/g, "")}; keep one`);
      continue;
    }
    broken = true;
    if (code === "MULTIPLE_DOCS") {
      problems.add(place(pos[0]), "invalid configuration: several documents; keep one in the file");
      continue;
    }
    problems.add(place(pos[0]), `invalid YAML: ${message.split("\n", 1)[0]}; correct it there`);
  }
  if (broken) return undefined;
  if (document.contents === null) {
    problems.add(place(0), "missing configuration: the file is empty; write apiVersion, kind and profiles");
    return undefined;
  }
  const offsetOf = (path: Path): number | undefined => {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  };
  const whereOf = (path: Path): string => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsetOf(path.slice(0, length));
      if (offset !== undefined) return place(offset);
    }
    return place(offsetOf([]) ?? 0);
  };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return {
      value,
      whereOf,
      whereOfKey(path) {
        const outer = path.slice(0, -1);
        const parent: unknown = outer.length === 0 ? document.contents : document.getIn(outer, true);
        const pair = isMap(parent)
          ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
          : undefined;
        const offset = isNode(pair?.key) ? pair.key.range?.[0] : undefined;
        return offset === undefined ? whereOf(path) : place(offset);
      },
    };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    problems.add(place(0), `invalid YAML: ${error.message}; write the values out`);
    return undefined;
  }
}
