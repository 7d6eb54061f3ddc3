import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { schedulerPerfTable } from "./perf-table.ts";

const upstream = resolve(import.meta.dirname, "../../../shared/upstream/scheduler_perf");
const readme = resolve(import.meta.dirname, "../../workloads/README.md");

describe("the table of scheduler_perf's workloads", () => {
  it.skipIf(!existsSync(upstream))(
    "stands in workloads/README.md as the reader has it (skipped without ../shared/upstream/scheduler_perf)",
    async () => {
      const [, written] = /<!-- scheduler_perf -->\n([\s\S]*?)\n<!-- \/scheduler_perf -->/.exec(
        readFileSync(readme, "utf8"),
      ) ?? ["", ""];
      const table = await schedulerPerfTable(upstream);
      expect(written).toBe(table);
      expect(table).toMatch(/^\d+ of 267 workloads in 61 cases run\.\n/);
    },
  );
});
