import { type Document, isNode, LineCounter, parseAllDocuments } from "yaml";
import { formatPath, isRecord } from "./decoder.ts";
import { InputProblems } from "./input-problems.ts";
import type { KubernetesObjects } from "./kubernetes-objects.ts";
import { listItems } from "./list-items.ts";
import { type CollectOptions, ObjectCollector } from "./object-collector.ts";
import { JsonStreamReader } from "./read-json-stream.ts";

/**
 * Reads manifests from a text: YAML with any number of documents, or JSON. Throws a UserError with every problem of
 * the text, each at `fileName:line:column`.
 */
export function readManifestText(
  text: string,
  fileName: string,
  options: CollectOptions = {},
): KubernetesObjects {
  const collector = new ObjectCollector(options);
  const problems = new InputProblems();
  if (isJsonText(text)) {
    const reader = new JsonStreamReader(fileName, collector, problems);
    reader.write(Buffer.from(text));
    reader.end();
  } else {
    readYaml(text, fileName, collector, problems);
  }
  problems.throwIfAny();
  return collector.objects();
}

/** JSON by its first character; `{{` is a template and left to the YAML parser to refuse. */
export function isJsonText(text: string): boolean {
  return /^\s*(?:\{(?!\{)|\[)/.test(text);
}

/** Reads every document of a YAML text into the collector. */
export function readYaml(
  text: string,
  fileName: string,
  collector: ObjectCollector,
  problems: InputProblems,
): void {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const whereAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}`;
  };
  let objects = 0;
  for (const document of documents) {
    if (document.errors.length > 0) {
      for (const { pos, message } of document.errors) {
        problems.add(whereAt(pos[0]), `invalid YAML: ${firstLine(message)}; correct it there`);
      }
      objects++;
      continue;
    }
    const root = toPlain(document);
    if (root instanceof ReferenceError) {
      problems.add(whereAt(0), `invalid YAML: ${root.message}; write the values out`);
      continue;
    }
    if (root === null) continue;
    objects++;
    for (const { raw, outer, listKind } of objectsIn(root)) {
      for (const { path, what } of collector.add(raw, listKind)) {
        const whole = [...outer, ...path];
        const place = formatPath(whole);
        problems.add(whereAt(offsetOf(document, whole)), place === "" ? what : `${place}: ${what}`);
      }
    }
  }
  if (objects === 0) {
    problems.add(
      fileName,
      "missing objects: the file is empty; write manifests or the output of kubectl get -o json",
    );
  }
}

/** An alias that refers to nothing, or to too much, is found only when the values are taken. */
function toPlain(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

interface PlacedObject {
  readonly raw: unknown;
  readonly outer: readonly (string | number)[];
  readonly listKind: string;
}

function objectsIn(root: unknown): PlacedObject[] {
  if (Array.isArray(root)) return root.map((raw: unknown, index) => ({ raw, outer: [index], listKind: "" }));
  const items = listItems(root);
  if (items !== undefined) {
    const kind = isRecord(root) ? root["kind"] : undefined;
    const listKind = typeof kind === "string" ? kind : "";
    return items.map((raw, index) => ({ raw, outer: ["items", index], listKind }));
  }
  return [{ raw: root, outer: [], listKind: "" }];
}

/** Where the value at the path begins, or the deepest enclosing one that exists. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0];
}
