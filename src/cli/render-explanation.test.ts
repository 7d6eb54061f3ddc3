import { describe, expect, it } from "vitest";
import { explain } from "../decisions/explanation.ts";
import { readManifestText } from "../kubernetes/read-manifest-text.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { renderExplanation } from "./render-explanation.ts";

const many = Array.from(
  { length: 12 },
  (_, i) =>
    `{kind: Node, apiVersion: v1, metadata: {name: n${String(i).padStart(2, "0")}}, status: {allocatable: {cpu: ${i < 2 ? 4 + 2 * i : 1}, memory: 8Gi, pods: 9}}}`,
);
const text = (cpu: string) =>
  [
    "",
    ...many,
    `{kind: Pod, apiVersion: v1, metadata: {name: p}, spec: {containers: [{name: c, resources: {requests: {cpu: ${cpu}}}}]}}`,
  ].join("\n---\n");

function rendered(cpu: string, color: boolean, more: { readonly node?: string } = {}): string {
  const objects = readManifestText(text(cpu), "cluster.yaml");
  const explanation = explain({
    situation: { objects, pod: "default/p", attempt: 1, start: 0 },
    profile: shippedProfile("default"),
    diff: shippedProfile("most-allocated"),
    ...more,
  });
  return renderExplanation(explanation, { color, notes: ["A note."] });
}

describe("an explanation for a terminal", () => {
  it("shows the scores of the chosen node and the runner-up, and why the others were rejected", () => {
    const shown = rendered("3", false, { node: "n00" });
    expect(shown).toMatch(/^default\/p, policy default, 12 nodes\ndefault\/p goes to n01\n/);
    expect(shown).toMatch(/│ plugin +│ weight │ +n01 │ points │ +n00 │ points │/);
    expect(shown).toMatch(/n00 lost by \d+ points/);
    expect(shown).toContain(
      "Rejected: 10 nodes\n  10 by NodeResourcesFit: Insufficient cpu, even if empty\n    n02: cpu: asks 3, 1 free of 1\n",
    );
    expect(shown).toContain("They part at NodeResourcesFit, on n01: ");
    expect(shown).toContain("* A note.");
  });

  it("shows kube-scheduler's message and the smallest change for a pod that no node takes", () => {
    const shown = rendered("7", false);
    expect(shown).toContain("0/12 nodes are available: 12 Insufficient cpu.");
    expect(shown).toContain("Smallest change\n  ask for 1 less cpu: 6 instead of 7 (then n01 takes it)\n");
    expect(shown).toMatch(/also n04, n05, .* and n11/);
  });

  it("is the same with colours but for the codes, and lets no name steer the terminal", () => {
    const steer = String.fromCharCode(27);
    const codes = new RegExp(`${steer}\\[\\d+m`, "g");
    expect(rendered("3", true).replace(codes, "")).toBe(rendered("3", false));
    const objects = readManifestText(text("9"), "cluster.yaml");
    const situation = { objects, pod: "default/p", attempt: 1, start: 0 };
    const explanation = explain({ situation, profile: shippedProfile("default") });
    const evil = { ...explanation, verdict: `bad${steer}[2Jname` };
    expect(renderExplanation(evil, { color: false, notes: [] })).not.toContain(steer);
  });
});
