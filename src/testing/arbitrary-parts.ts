import fc from "fast-check";

/** Mostly absent: present in `percent` of the draws. */
export function rarely<T>(percent: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
    { weight: percent, arbitrary },
  );
}

/** One of the values, drawn as often as its number says. */
export function weighted<T>(...choices: readonly (readonly [number, T])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

/** A record whose undefined members are left out, as the API writes objects. */
export function sparse<T extends object>(
  members: {
    readonly [K in keyof Required<T>]: fc.Arbitrary<T[K] | undefined>;
  },
): fc.Arbitrary<T> {
  return fc
    .record(members as Record<string, fc.Arbitrary<unknown>>)
    .map(
      (drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) as T,
    );
}

/** Names and values that nodes have and pods ask for: few, so that everything matches something now and then. */
export const ZONE = "topology.kubernetes.io/zone";
export const TAINT_KEYS = ["dedicated", "spot"];
export const TAINT_VALUES = ["gpu", "batch", ""];
export const MODELS = ["A", "B"];
export const EXTENDED = "example.com/npu";
export const HUGE_PAGES = "hugepages-2Mi";
export const IMAGES = [
  "app:v1",
  "app:latest",
  "registry.example:5000/db",
  "registry.example:5000/db:latest",
  "side@sha256:0a",
];

/** The name of the place-th node; zero-padded, so that name order is the order of creation. */
export function nodeName(place: number): string {
  return `n${String(place).padStart(3, "0")}`;
}
