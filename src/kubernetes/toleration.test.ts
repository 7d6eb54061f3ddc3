import { describe, expect, it } from "vitest";
import type { Taint } from "./taint.ts";
import { tolerates } from "./toleration.ts";

const gpu: Taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" };

describe("tolerates", () => {
  it("bears an equal taint, whatever its effect when none is named", () => {
    expect(tolerates({ key: "dedicated", value: "gpu" }, gpu)).toBe(true);
    expect(tolerates({ key: "dedicated", operator: "Equal", value: "cpu" }, gpu)).toBe(false);
    expect(tolerates({ key: "dedicated", value: "gpu", effect: "NoExecute" }, gpu)).toBe(false);
  });

  it("bears every taint of its effect by an empty key with Exists", () => {
    expect(tolerates({ operator: "Exists" }, gpu)).toBe(true);
    expect(tolerates({ operator: "Exists", effect: "PreferNoSchedule" }, gpu)).toBe(false);
  });

  it("takes a missing value for an empty one", () => {
    expect(tolerates({ key: "k" }, { key: "k", effect: "NoSchedule" })).toBe(true);
    expect(tolerates({ key: "k", value: "" }, { key: "k", value: "x", effect: "NoSchedule" })).toBe(false);
  });

  it("compares integers only behind the gate, and only canonical ones", () => {
    const sla: Taint = { key: "sla", value: "95", effect: "NoSchedule" };
    const gate = { comparisonOperators: true };
    expect(tolerates({ key: "sla", operator: "Gt", value: "90" }, sla)).toBe(false);
    expect(tolerates({ key: "sla", operator: "Gt", value: "90" }, sla, gate)).toBe(true);
    expect(tolerates({ key: "sla", operator: "Lt", value: "90" }, sla, gate)).toBe(false);
    expect(tolerates({ key: "sla", operator: "Gt", value: "090" }, sla, gate)).toBe(false);
    expect(tolerates({ key: "sla", operator: "Lt", value: "9223372036854775807" }, sla, gate)).toBe(true);
    expect(tolerates({ key: "sla", operator: "Lt", value: "9223372036854775808" }, sla, gate)).toBe(false);
  });
});
