import type { DeviceAllocationResult, ResourceClaimObject } from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { derivedFromList } from "../../kubernetes/list-lineage.ts";
import type { CapacityAmounts } from "./consumed-capacity.ts";
import { DeviceLedger } from "./device-ledger.ts";

/** The state of a pool's devices (see `DeviceLedger.stampOf`). */
export interface PoolStamps {
  readonly written: number;
  readonly inFlight: number;
}

/** What claims hold, allocated and in flight, as it is at the time of the question. */
export class AllocatedDevices {
  readonly #ledgers: readonly [written: DeviceLedger, inFlight: DeviceLedger];

  constructor(written: DeviceLedger, inFlight: DeviceLedger) {
    this.#ledgers = [written, inFlight];
  }

  /** Whether nobody else may take the device. */
  isDedicated(id: string): boolean {
    const [written, inFlight] = this.#ledgers;
    return written.isDedicated(id) || inFlight.isDedicated(id);
  }

  /** What is taken of a device that several may share, by those who do. */
  sharedAmounts(id: string): readonly (CapacityAmounts | undefined)[] {
    const [written, inFlight] = this.#ledgers;
    return [written.sharedAmounts(id), inFlight.sharedAmounts(id)];
  }

  isShared(id: string): boolean {
    return this.sharedAmounts(id).some((amounts) => amounts !== undefined);
  }

  isFree(id: string): boolean {
    return !this.isDedicated(id) && !this.isShared(id);
  }

  /** What of a pool is held, as two numbers that are the same again only while nothing has changed. */
  stampsOf(pool: string): PoolStamps {
    const [written, inFlight] = this.#ledgers;
    return { written: written.stampOf(pool), inFlight: inFlight.stampOf(pool) };
  }

  /** Whether nothing of a pool has changed hands since it had these stamps. */
  isAsOf(pool: string, stamps: PoolStamps): boolean {
    const [written, inFlight] = this.#ledgers;
    return written.stampOf(pool) === stamps.written && inFlight.stampOf(pool) === stamps.inFlight;
  }
}

const writtenTo = derivedFromList<ResourceClaimObject, DeviceLedger>(
  (claims) => {
    const ledger = new DeviceLedger();
    for (const claim of claims) ledger.add(resultsOf(claim));
    return ledger;
  },
  (ledger, { before, after }) => {
    const [old, now] = [resultsOf(before), resultsOf(after)];
    if (old === now) return true;
    ledger.remove(old);
    ledger.add(now);
    return true;
  },
);

export function allocatedDevices(
  { resourceClaims }: Pick<KubernetesObjects, "resourceClaims">,
  inFlight: DeviceLedger,
): AllocatedDevices {
  return new AllocatedDevices(writtenTo(resourceClaims), inFlight);
}

const NOTHING: readonly DeviceAllocationResult[] = [];

function resultsOf(claim: ResourceClaimObject | undefined): readonly DeviceAllocationResult[] {
  return claim?.status?.allocation?.devices?.results ?? NOTHING;
}
