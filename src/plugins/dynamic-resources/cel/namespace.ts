import type { Environment } from "@marcbachmann/cel-js";

/** Makes functions such as `sets.contains` possible; the type that their signatures name as their receiver. */
export function namespace(environment: Environment, name: string): string {
  const type = `namespace.${name}`;
  class Namespace {}
  environment.registerType(type, { ctor: Namespace, fields: {} });
  environment.registerConstant(name, type, new Namespace());
  return type;
}
