import { DEVICE_RESOURCE, WHOLE_DEVICE } from "../cluster/device.ts";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { podRequests } from "../kubernetes/pod-requests.ts";
import { milliValue, parseQuantity, wholeValue } from "../kubernetes/quantity.ts";

/** Amounts per resource: CPU in millicores, devices (`gpu`) in thousandths of a device, the rest in whole base units. */
type Amounts = Map<string, number>;

/** What one pod of a template asks for, the pod itself counted as one of resource `pods`. */
function askedByTemplate(template: PodTemplate): Amounts {
  const amounts: Amounts = new Map([["pods", 1]]);
  for (const [resource, amount] of podRequests(template.object)) amounts.set(resource, Number(amount));
  const { devices } = template;
  if (devices !== undefined) amounts.set(DEVICE_RESOURCE, devices.count * devices.milli);
  return amounts;
}

/** The sum over nodes of what they offer. */
function capacityOf(nodes: readonly NodeSpec[]): Amounts {
  const sum: Amounts = new Map();
  const add = (resource: string, amount: number) => sum.set(resource, (sum.get(resource) ?? 0) + amount);
  const parsed = new Map<string, number>();
  for (const { object, devices } of nodes) {
    for (const [resource, text] of Object.entries(object.status?.allocatable ?? {})) {
      const key = `${resource}=${text}`;
      let amount = parsed.get(key);
      if (amount === undefined) {
        const quantity = parseQuantity(text);
        amount = Number(resource === "cpu" ? milliValue(quantity) : wholeValue(quantity));
        parsed.set(key, amount);
      }
      add(resource, amount);
    }
    if (devices !== undefined) add(DEVICE_RESOURCE, devices.count * WHOLE_DEVICE);
  }
  return sum;
}

/** The resource of which a list asks for the greatest share of what there is, and that share. */
export interface Scarcest {
  readonly resource: string;
  /** Amount asked for by each template's pod. */
  readonly perTemplate: Float64Array;
  readonly asked: number;
  readonly capacity: number;
}

/**
 * The scarcest resource: the greatest asked/capacity over the list. A resource that no node offers is left out: its pods
 * never fit, however few they are. Undefined when no node offers anything that is asked for.
 */
export function scarcestResource(
  nodes: readonly NodeSpec[],
  templates: readonly PodTemplate[],
  podTemplate: Int32Array,
): Scarcest | undefined {
  const perTemplate = templates.map(askedByTemplate);
  const pods = new Float64Array(templates.length);
  for (const template of podTemplate) pods[template]++;
  let best: Scarcest | undefined;
  for (const [resource, capacity] of capacityOf(nodes)) {
    const each = Float64Array.from(perTemplate, (amounts) => amounts.get(resource) ?? 0);
    const asked = each.reduce((sum, amount, template) => sum + amount * pods[template], 0);
    if (asked <= 0 || capacity <= 0) continue;
    if (best === undefined || asked / capacity > best.asked / best.capacity) {
      best = { resource, perTemplate: each, asked, capacity };
    }
  }
  return best;
}
