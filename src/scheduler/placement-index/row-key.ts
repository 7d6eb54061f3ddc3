import type { Cycle, Plugin } from "../plugin.ts";
import type { ProfilePlugin } from "../profile.ts";
import { readsOf } from "../reads-of.ts";
import { rowKernelOf } from "../row-kernel-of.ts";

/**
 * What pods have in common that are alike to all plugins that read rows, as a text: Deployments often differ in labels alone.
 * Undefined when some plugin cannot tell.
 */
export function rowKey(plugins: readonly ProfilePlugin[], cycle: Cycle): string | undefined {
  const { priority, nonZeroCpu, nonZeroMemory } = cycle.pod;
  // What a pod is taken to ask for where it says nothing is not in upstream's signatures: `memory: 0` is signed like no request.
  let key = `${priority},${nonZeroCpu},${nonZeroMemory}`;
  for (let place = 0; place < plugins.length; place++) {
    const { plugin } = plugins[place];
    const reads = readsOf(plugin, cycle.pod);
    if (reads === "nothing" || reads === "cluster") continue;
    const part = numbersOf(plugin, cycle) ?? signed(plugin, cycle);
    if (part === undefined) return undefined;
    key += `/${place}${part}`;
  }
  return key;
}

/** Of a plugin that gives all that it does in numbers. */
function numbersOf(plugin: Plugin, cycle: Cycle): string | undefined {
  const numbers = rowKernelOf(plugin, cycle);
  if (numbers === undefined || numbers.fit?.rest !== undefined) return undefined;
  const { fit, score } = numbers;
  let text = ";";
  if (fit !== undefined) text += `f${fit.cpu},${fit.memory},${fit.storage}`;
  if (score !== undefined) text += `${score.of}${score.cpu},${score.memory}`;
  return text;
}

function signed({ sign }: Plugin, { pod, cluster }: Cycle): string | undefined {
  const fragments = sign?.(pod, cluster.objects);
  if (fragments === undefined || fragments === "declines") return undefined;
  let text = ";";
  for (const name in fragments) text += textOf(fragments[name]);
  return text;
}

/** Most fragments of most pods are empty. */
function textOf(value: unknown): string {
  if (value === undefined || value === "") return ",";
  if (Array.isArray(value) && value.length === 0) return ",";
  return `${JSON.stringify(value)},`;
}
