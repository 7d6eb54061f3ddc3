import { cpus, totalmem } from "node:os";

/** Where a result comes from, and what it takes to make it again. */
export interface Provenance {
  readonly stowage: string;
  readonly kubeScheduler: string;
  readonly node: string;
  /** The command as typed. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
  readonly wallSeconds: number;
  readonly threads: number;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly platform: string;
  };
  /** Digest of each input's content, by name as given. */
  readonly inputs: Readonly<Record<string, string>>;
  /** One digest over the digests of all finished trials, in their order. */
  readonly digest: string;
  /** Simulated costs and limits in force, with what they mean. */
  readonly limits: readonly { readonly name: string; readonly value: number; readonly meaning: string }[];
}

export const KUBE_SCHEDULER_VERSION = "v1.37.2";

export function machine(): Provenance["machine"] {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
  };
}
