/** What is read of the evaluator's syntax tree and of what walks it; its own declarations say less. */

export interface CelType {
  readonly kind: string;
  readonly name: string;
  readonly keyType?: CelType;
  readonly valueType?: CelType;
}

export interface Node {
  readonly op: string;
  readonly args: unknown;
  /** Places in the text of the expression, in UTF-16 code units. */
  readonly pos: number;
  readonly start: number;
  readonly end: number;
  readonly input: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly checkedType?: CelType;
  setMeta(key: string, value: unknown): Node;
}

/** Variables while an expression is checked, and their values while it is evaluated. */
export interface Scope {
  forkWithVariable(name: string, type: CelType): Scope;
  reuse(parent: Scope): Scope;
  setIterValue(value: unknown, evaluator: Evaluator): Scope;
}

export interface Checker {
  check(node: Node, scope: Scope): CelType;
  getType(name: string): CelType;
  createError(code: string, message: string, node: Node): Error;
}

export interface Evaluator {
  run(node: Node, scope: Scope): unknown;
  tryEval(node: Node, scope: Scope): unknown;
}

/** A checked operation: the values of its operands, then what differs by the kind of operation. */
export interface Operation extends Node {
  handle(...values: unknown[]): unknown;
}

/** What a macro is given at each of its uses. */
export interface MacroUse {
  readonly ast: Node;
  readonly args: readonly Node[];
  readonly receiver: Node;
}

/** What a macro makes of a use. */
export interface Macro {
  typeCheck(checker: Checker, macro: unknown, scope: Scope): CelType;
  evaluate(evaluator: Evaluator, macro: unknown, scope: Scope): unknown;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "op" in value && "setMeta" in value;
}

/** Visits a tree, including what its macros stand for. */
export function visit(root: unknown, see: (node: Node) => void): void {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isNode(value)) {
      see(value);
      open.push(value.args, value.meta["alternate"], value.meta["macro"]);
    } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
      open.push(...(Object.values(value) as unknown[]));
    }
  }
}
