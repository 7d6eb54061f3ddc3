import type { PodTemplate } from "../cluster/specs.ts";
import { formatAmount } from "./amount.ts";
import { quantile } from "./distribution.ts";
import type { PodTemplateSpec } from "./spec.ts";

/**
 * The distinct pods that templates with drawn sizes make. A drawn size is rounded up to the template's grid, so that
 * thousands of pods share tens of kinds.
 */
export class PodShapes {
  readonly templates: PodTemplate[] = [];
  readonly #specs: readonly PodTemplateSpec[];
  readonly #ids = new Map<string, number>();

  constructor(specs: readonly PodTemplateSpec[]) {
    this.#specs = specs;
  }

  /** The number of the shape that one pod of a template has; `uniformOf` gives the pod's draw for a resource. */
  intern(template: number, uniformOf: (resource: string) => number): number {
    const spec = this.#specs[template];
    const sizes = spec.sizes.map(({ resource, size }) => ({
      resource,
      amount: quantile(size, uniformOf(resource)),
    }));
    const key = [template, ...sizes.map(({ amount }) => amount)].join(",");
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.templates.length;
    this.#ids.set(key, id);
    this.templates.push(makeTemplate(spec, sizes));
    return id;
  }
}

function makeTemplate(
  { name, object, devices }: PodTemplateSpec,
  sizes: readonly { resource: string; amount: number }[],
): PodTemplate {
  const withDevices = devices === undefined ? {} : { devices };
  if (sizes.length === 0) return { name, object, ...withDevices };
  const drawn = sizes.map(({ resource, amount }) => [resource, formatAmount(resource, amount)] as const);
  const [main, ...others] = object.spec?.containers ?? [];
  const requests = { ...main?.resources?.requests, ...Object.fromEntries(drawn) };
  return {
    name: [name, ...drawn.map(([, text]) => text)].join("-"),
    object: {
      ...object,
      spec: {
        ...object.spec,
        containers: [{ ...main, resources: { ...main?.resources, requests } }, ...others],
      },
    },
    ...withDevices,
  };
}
