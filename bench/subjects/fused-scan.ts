import { PlainKernel } from "../../src/scheduler/fused-scan/plain-kernel.ts";
import { fusedScanRuns } from "../fused-scan-subject.ts";
import type { Subject } from "../subject.ts";

export const fusedScanWasm: Subject = {
  name: "fused scan, every pod different, WebAssembly",
  unit: "pod",
  prepare: (size) => fusedScanRuns(size),
};

export const fusedScanPlain: Subject = {
  name: "fused scan, every pod different, JavaScript",
  unit: "pod",
  prepare: (size) => fusedScanRuns(size, (rows) => new PlainKernel(rows)),
};
