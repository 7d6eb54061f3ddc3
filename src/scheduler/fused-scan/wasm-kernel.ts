import { type Kernel, KernelBlock } from "./kernel.ts";
import { KERNEL_BYTES } from "./kernel-bytes.ts";

/** As much of WebAssembly as is used here: the types of Node.js do not have it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
  readonly validate: (bytes: Uint8Array) => boolean;
}

/** As in kernel.as. */
interface Exports {
  least(capacity: number, from: number, size: number, into: number, masked: number): number;
  most(capacity: number, from: number, size: number, into: number, masked: number): number;
  best(capacity: number, length: number): number;
  ties(capacity: number, length: number, best: number): number;
}

const PAGE = 1 << 16;

let compiled: object | undefined;

/** The kernel of four rows at a time; undefined where the machine has no WebAssembly with SIMD. @param rows room for so many */
export function wasmKernel(rows: number): Kernel | undefined {
  const { WebAssembly: api } = globalThis as { readonly WebAssembly?: WebAssemblyApi };
  if (api === undefined) return undefined;
  if (compiled === undefined) {
    const bytes = Buffer.from(KERNEL_BYTES, "base64");
    if (!api.validate(bytes)) return undefined;
    compiled = new api.Module(bytes);
  }
  const capacity = KernelBlock.capacityFor(rows);
  const memory = new api.Memory({ initial: Math.ceil(KernelBlock.bytesFor(capacity) / PAGE) });
  const { exports } = new api.Instance(compiled, { env: { memory } });
  return {
    block: new KernelBlock(memory.buffer, capacity),
    least: (from, size, into, masked) => exports.least(capacity, from, size, into, masked ? 1 : 0),
    most: (from, size, into, masked) => exports.most(capacity, from, size, into, masked ? 1 : 0),
    best: (length) => exports.best(capacity, length),
    ties: (length, best) => exports.ties(capacity, length, best),
  };
}
