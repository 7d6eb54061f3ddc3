import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compileNodeSelector,
  compilePreferredTerms,
  type NodeSelectorRequirement,
  nodeSelectorProblems,
  type PreferredSchedulingTerm,
} from "./node-selector.ts";

const recorded = new URL("../../../shared/conformance/node-affinity.jsonl.gz", import.meta.url);

function matches(requirement: NodeSelectorRequirement, labels: Readonly<Record<string, string>>): boolean {
  const selector = compileNodeSelector({ nodeSelectorTerms: [{ matchExpressions: [requirement] }] });
  return selector.matches(new Map(Object.entries(labels)), "n1");
}

describe("compileNodeSelector", () => {
  it("matches nothing without terms, and skips a term without requirements", () => {
    expect(compileNodeSelector({}).matches(new Map(), "n1")).toBe(false);
    expect(compileNodeSelector({ nodeSelectorTerms: [{}] }).matches(new Map(), "n1")).toBe(false);
  });

  it("needs one term, and all requirements of it", () => {
    const selector = compileNodeSelector({
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: "zone", operator: "In", values: ["a"] },
            { key: "gpu", operator: "Exists" },
          ],
        },
        { matchFields: [{ key: "metadata.name", operator: "In", values: ["n9"] }] },
      ],
    });
    expect(selector.matches(new Map([["zone", "a"]]), "n1")).toBe(false);
    expect(selector.matches(new Map([["zone", "a"]]), "n9")).toBe(true);
  });

  it("compares Gt and Lt as 64-bit integers; other labels do not match", () => {
    const beyondDoubles = "9007199254740993";
    expect(matches({ key: "n", operator: "Gt", values: ["9007199254740992"] }, { n: beyondDoubles })).toBe(
      true,
    );
    expect(matches({ key: "n", operator: "Lt", values: ["5"] }, { n: "4" })).toBe(true);
    expect(matches({ key: "n", operator: "Lt", values: ["5"] }, { n: "four" })).toBe(false);
    expect(matches({ key: "n", operator: "Lt", values: ["5"] }, {})).toBe(false);
  });

  it("lets a node without the label pass NotIn", () => {
    expect(matches({ key: "n", operator: "NotIn", values: ["5"] }, {})).toBe(true);
  });

  it("drops the term that does not parse and keeps the others", () => {
    const selector = {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: "n", operator: "Gt", values: ["-6"] }] as const },
        { matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["n2"] }] as const },
      ],
    };
    expect(compileNodeSelector(selector).matches(new Map([["n", "1"]]), "n1")).toBe(true);
    expect(compileNodeSelector(selector).matches(new Map([["n", "1"]]), "n2")).toBe(false);
    expect(nodeSelectorProblems(selector)[0]).toMatch(
      /^nodeSelectorTerms\[0\]\.matchExpressions\[0\]\.values\[0\]\[n\]: Invalid value: "-6": a valid label must be/,
    );
  });

  it("refuses fields other than one metadata.name", () => {
    for (const requirement of [
      { key: "metadata.name", operator: "In", values: ["a", "b"] },
      { key: "metadata.name", operator: "Exists" },
      { key: "spec.unschedulable", operator: "In", values: ["true"] },
    ] as const) {
      expect(nodeSelectorProblems({ nodeSelectorTerms: [{ matchFields: [requirement] }] })).toHaveLength(1);
    }
  });

  it("always lets exactly one of In and NotIn hold", () => {
    const word = fc.constantFrom("a", "b", "c");
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1 }),
        fc.option(word, { nil: undefined }),
        (values, label) => {
          const labels: Record<string, string> = label === undefined ? {} : { k: label };
          const isIn = matches({ key: "k", operator: "In", values }, labels);
          expect(matches({ key: "k", operator: "NotIn", values }, labels)).toBe(!isIn);
        },
      ),
    );
  });
});

describe("compilePreferredTerms", () => {
  it("leaves out weight 0 and empty preferences, even those that do not parse", () => {
    const bad = { matchExpressions: [{ key: "n", operator: "Gt", values: ["x"] }] } as const;
    const good = { matchExpressions: [{ key: "zone", operator: "Exists" }] } as const;
    const { terms, problem } = compilePreferredTerms([
      { weight: 0, preference: bad },
      { weight: 5, preference: {} },
      { weight: 7, preference: good },
    ]);
    expect(problem).toBeUndefined();
    expect(terms.map(({ weight }) => weight)).toEqual([7]);
    expect(terms[0].matches(new Map([["zone", "a"]]), "n1")).toBe(true);
  });

  it("joins several parse errors as upstream does", () => {
    const { problem } = compilePreferredTerms([
      { weight: 1, preference: { matchExpressions: [{ key: "n", operator: "Gt", values: ["x"] }] } },
      { weight: 1, preference: { matchExpressions: [{ key: "n", operator: "Exists", values: ["x"] }] } },
    ]);
    expect(problem).toBe(
      "[[0].matchExpressions[0].values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an " +
        'integer, [1].matchExpressions[0].values: Invalid value: ["x"]: values set must be empty for exists and does ' +
        "not exist]",
    );
  });

  it.skipIf(!existsSync(recorded))("words parse errors as the recorded kube-scheduler (../shared)", () => {
    const start = 'running PreScore plugin "NodeAffinity": ';
    let compared = 0;
    for (const line of gunzipSync(readFileSync(recorded)).toString().split("\n").filter(Boolean)) {
      const { pods, expected } = JSON.parse(line) as RecordedCase;
      for (const { pod, error } of expected) {
        if (error?.startsWith(start) !== true) continue;
        const spec = pods.find(
          ({ metadata }) => pod === `${metadata.namespace ?? "default"}/${metadata.name}`,
        )?.spec;
        const preferred = spec?.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
        expect(start + compilePreferredTerms(preferred).problem).toBe(error);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
});

interface RecordedCase {
  readonly pods: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly spec: {
      readonly affinity: {
        readonly nodeAffinity: {
          readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredSchedulingTerm[];
        };
      };
    };
  }[];
  readonly expected: readonly { readonly pod: string; readonly error?: string }[];
}
