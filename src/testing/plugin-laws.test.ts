import { describe, expect, it } from "vitest";
import { shippedProfiles } from "../plugins/profiles.ts";
import { definePlugin, type Plugin } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unschedulable } from "../scheduler/status.ts";
import { pluginLaws } from "./plugin-laws.ts";

/** Each once; NodeResourcesFit with every strategy, and those whose profile leaves out their score without it, too. */
const shipped = new Map<string, Plugin>();
for (const { name, plugins } of shippedProfiles()) {
  for (const { plugin } of plugins) {
    const strategy = plugin.name === "NodeResourcesFit" ? ` of ${name}` : "";
    shipped.set(
      plugin.score === undefined ? `${plugin.name}, no score` : `${plugin.name}${strategy}`,
      plugin,
    );
  }
}

describe("shipped plugins", () => {
  it.each([...shipped])("%s: always keeps the laws", (_, plugin) => {
    pluginLaws(plugin, { runs: 40 });
  });
});

const even = (node: number): boolean => node % 2 === 0;
const FAILED = unschedulable("node(s) were odd");
const sound = definePlugin({
  name: "Even",
  filter: () => keepWhere(even),
  judge: () => (node) => (even(node) ? undefined : FAILED),
  score:
    () =>
    ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) scores[i] = rows[i] % 101;
    },
});

const broken: readonly [string, Partial<Plugin>][] = [
  [
    "narrows",
    {
      filter: () => (candidates) => {
        candidates.rows.reverse();
      },
    },
  ],
  [
    "independent",
    {
      filter: () => (candidates) => {
        candidates.length = Math.min(candidates.length, 1);
      },
    },
  ],
  ["agrees with its judge", { judge: () => () => undefined }],
  ["agrees with its judge", { judge: () => (node) => (even(node) ? undefined : unschedulable()) }],
  [
    "scores in 0..100",
    {
      score:
        () =>
        ({ length }, scores) =>
          void scores.fill(101, 0, length),
    },
  ],
  ["scores every node", { score: () => (_, scores) => void scores.fill(1, 1) }],
  [
    "independent",
    {
      score:
        () =>
        ({ rows, length }, scores) => {
          for (let i = 0; i < length; i++) scores[i] = rows[i] === rows[0] ? 1 : 0;
        },
    },
  ],
  [
    "reads only",
    {
      filter: ({ nodes }) => {
        nodes.order.fill(0);
        return undefined;
      },
      judge: () => undefined,
    },
  ],
  ["takes devices with room", { takeDevices: () => 1 << 20 }],
];

describe("pluginLaws", () => {
  it("passes a sound plugin", () => {
    pluginLaws(sound, { runs: 50 });
  });

  it.each(broken)("names the broken law: %s", (law, parts) => {
    expect(() => pluginLaws({ ...sound, ...parts })).toThrow(`breaks the law "${law}"`);
  });

  it("finds a plugin that answers otherwise each time", () => {
    let calls = 0;
    const restless: Plugin = {
      name: "Restless",
      score:
        () =>
        ({ length }, scores) =>
          void scores.fill(calls++ % 100, 0, length),
    };
    expect(() => pluginLaws(restless)).toThrow("breaks the law");
  });
});
