import { z } from "zod";
import { ExtenderError } from "../../scheduler/extender.ts";

/**
 * What extenders answer (k8s.io/kube-scheduler/extender/v1, types.go). Keys are matched whatever their case, as Go's decoder
 * does: older extenders write `Nodes` where newer ones write `nodes`. Null is absent.
 */
const reasons = z.record(z.string(), z.string()).nullish();
const named = z.object({ metadata: z.object({ name: z.string() }) });

const filterSchema = z.object({
  nodes: z.object({ items: z.array(named).nullish() }).nullish(),
  nodenames: z.array(z.string()).nullish(),
  failednodes: reasons,
  failedandunresolvablenodes: reasons,
  error: z.string().nullish(),
});

const prioritySchema = z.array(z.object({ host: z.string(), score: z.int() })).nullable();

const preemptionSchema = z.object({
  nodenametometavictims: z
    .record(
      z.string(),
      z.object({
        pods: z.array(z.object({ uid: z.string() })).nullish(),
        numpdbviolations: z.int().nullish(),
      }),
    )
    .nullish(),
});

const bindingSchema = z.object({ error: z.string().nullish() });

export interface FilterResult {
  readonly nodes: readonly string[] | undefined;
  readonly nodeNames: readonly string[] | undefined;
  readonly failedNodes: Readonly<Record<string, string>>;
  readonly failedAndUnresolvableNodes: Readonly<Record<string, string>>;
  readonly error: string;
}

/** ExtenderFilterResult. */
export function filterResult(answer: unknown, extender: string): FilterResult {
  const read = decode(filterSchema, lowered(answer), extender);
  return {
    nodes: read.nodes ? (read.nodes.items ?? []).map(({ metadata }) => metadata.name) : undefined,
    nodeNames: read.nodenames ?? undefined,
    failedNodes: read.failednodes ?? {},
    failedAndUnresolvableNodes: read.failedandunresolvablenodes ?? {},
    error: read.error ?? "",
  };
}

/** HostPriorityList; of a host that is named twice the points add up, as upstream's do. */
export function hostPriorityList(answer: unknown, extender: string): Map<string, number> {
  const points = new Map<string, number>();
  for (const { host, score } of decode(prioritySchema, lowered(answer), extender) ?? []) {
    points.set(host, (points.get(host) ?? 0) + score);
  }
  return points;
}

export interface KeptCandidate {
  readonly node: string;
  readonly uids: readonly string[];
  readonly pdbViolations: number;
}

/** ExtenderPreemptionResult. */
export function preemptionResult(answer: unknown, extender: string): KeptCandidate[] {
  const { nodenametometavictims } = decode(preemptionSchema, lowered(answer), extender);
  return Object.entries(nodenametometavictims ?? {}).map(([node, { pods, numpdbviolations }]) => ({
    node,
    uids: (pods ?? []).map(({ uid }) => uid),
    pdbViolations: numpdbviolations ?? 0,
  }));
}

/** ExtenderBindingResult: its error, empty when there is none. */
export function bindingResult(answer: unknown, extender: string): string {
  return decode(bindingSchema, lowered(answer), extender).error ?? "";
}

function decode<T>(schema: z.ZodType<T>, answer: unknown, extender: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const [{ path, message }] = read.error.issues;
  throw new ExtenderError(`invalid answer of extender ${extender}: ${path.join(".")}: ${message}`);
}

/** Members of the messages themselves, in lower case. Other keys, among them names of nodes in maps, stay as they are. */
const FIELDS: ReadonlySet<string> = new Set(
  "nodes items nodenames failednodes failedandunresolvablenodes error host score nodenametometavictims pods uid numpdbviolations metadata name".split(
    " ",
  ),
);

/** Maps from a node to a reason. */
const REASONS: ReadonlySet<string> = new Set(["failednodes", "failedandunresolvablenodes"]);

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const field = key.toLowerCase();
    if (!FIELDS.has(field)) return [key, inner];
    if (REASONS.has(field)) return [field, inner];
    if (field === "nodenametometavictims" && isObject(inner)) {
      return [
        field,
        Object.fromEntries(Object.entries(inner).map(([node, victims]) => [node, lowered(victims)])),
      ];
    }
    return [field, lowered(inner)];
  });
  return Object.fromEntries(members);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
