import { describe, expect, it } from "vitest";
import type { ExtensionPoint } from "../plugins/registry.ts";
import { configurationFromValue } from "./read-configuration.ts";

interface Plugin {
  readonly name: string;
  readonly weight?: number;
}
type Sets = Readonly<
  Record<string, { readonly enabled?: readonly Plugin[]; readonly disabled?: readonly Plugin[] }>
>;

/** The names at a point, with weights where they are written. */
function at(point: ExtensionPoint, plugins: Sets): string[] {
  const [{ points }] = configurationFromValue({ profiles: [{ plugins }] }).profiles;
  return points[point].map(({ name, weight }) => (weight === undefined ? name : `${name} ${weight}`));
}

const DEFAULT_FILTERS = at("filter", {});
const DEFAULT_SCORES = at("score", {});

describe("merging with the defaults", () => {
  it("replaces in place a default that is enabled anew, and does not keep its weight", () => {
    const names = at("score", { multiPoint: { enabled: [{ name: "TaintToleration" }] } });
    expect(names).toEqual(["TaintToleration", ...DEFAULT_SCORES.slice(1)]);
  });

  it("moves to the end a default that is disabled and enabled", () => {
    const names = at("filter", {
      multiPoint: { enabled: [{ name: "NodeName" }], disabled: [{ name: "NodeName" }] },
    });
    expect(names).toEqual([...DEFAULT_FILTERS.slice(1), "NodeName"]);
  });

  it("drops all defaults for a star", () => {
    const multiPoint = {
      enabled: [{ name: "PrioritySort" }, { name: "DefaultBinder" }, { name: "ImageLocality", weight: 7 }],
      disabled: [{ name: "*" }],
    };
    expect(at("filter", { multiPoint })).toEqual([]);
    expect(at("score", { multiPoint })).toEqual(["ImageLocality 7"]);
  });
});

describe("expansion of multiPoint", () => {
  it("leaves out at a point what is disabled there, and nowhere else", () => {
    const score = { disabled: [{ name: "NodeAffinity" }] };
    expect(at("score", { score })).toEqual(DEFAULT_SCORES.filter((name) => name !== "NodeAffinity 2"));
    expect(at("preScore", { score })).toContain("NodeAffinity 2");
  });

  it("does not happen at a point with a star", () => {
    const score = { disabled: [{ name: "*" }], enabled: [{ name: "ImageLocality", weight: 2 }] };
    expect(at("score", { score })).toEqual(["ImageLocality 2"]);
    expect(at("filter", { score })).toEqual(DEFAULT_FILTERS);
  });

  it("puts first what the point names itself, in its order and with its weights", () => {
    const enabled = [{ name: "PodTopologySpread" }, { name: "NodePorts" }];
    expect(at("filter", { filter: { enabled } })).toEqual([
      "PodTopologySpread",
      "NodePorts",
      ...DEFAULT_FILTERS.filter((name) => name !== "PodTopologySpread 2" && name !== "NodePorts"),
    ]);
    const score = { enabled: [{ name: "ImageLocality", weight: 9 }] };
    expect(at("score", { score })).toEqual(["ImageLocality 9", ...DEFAULT_SCORES.slice(0, -1)]);
  });

  it("puts last what only the point names", () => {
    const sets = {
      multiPoint: { disabled: [{ name: "NodeName" }] },
      filter: { enabled: [{ name: "NodeName" }, { name: "NodePorts" }] },
    };
    const rest = DEFAULT_FILTERS.filter((name) => name !== "NodeName" && name !== "NodePorts");
    expect(at("filter", sets)).toEqual(["NodePorts", ...rest, "NodeName"]);
    expect(at("preFilter", sets)).not.toContain("NodeName");
  });
});
