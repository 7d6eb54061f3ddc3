import type { DeviceAllocationResult, DeviceClassObject } from "../../kubernetes/device-object.ts";
import { tolerates } from "../../kubernetes/toleration.ts";
import type { AllocatedDevices } from "./allocated-devices.ts";
import { addCapacity, type CapacityAmounts, consumedCapacity, hasRoomFor } from "./consumed-capacity.ts";
import { CounterLedger } from "./counter-ledger.ts";
import { type Constraint, makeConstraint } from "./device-constraints.ts";
import type { PooledDevice } from "./device-inventory.ts";
import type { Pool } from "./pools.ts";
import {
  AllocationError,
  type Alternative,
  isSelectable,
  nameOf,
  requestsOf,
  type WantedClaim,
} from "./requests.ts";

/** The most devices that one claim may get. */
const MAX_RESULTS = 32;

/** The cluster's part of a search. */
export interface AllocatorView {
  readonly classes: ReadonlyMap<string, DeviceClassObject>;
  readonly allocated: AllocatedDevices;
  /** Those of the node, in the order in which they are searched. */
  readonly pools: readonly Pool[];
  readonly labels: ReadonlyMap<string, string>;
  readonly nodeName: string;
}

/** What one claim gets, in the order in which it was taken. */
export interface ClaimAllocation {
  readonly key: string;
  readonly results: readonly DeviceAllocationResult[];
}

interface PlannedAlternative extends Alternative {
  readonly deviceClass: DeviceClassObject;
  readonly count: number;
  /** The devices of a request for all; undefined when any `count` will do. */
  readonly all: readonly Candidate[] | undefined;
}

interface PlannedClaim extends WantedClaim {
  readonly requests: readonly (readonly PlannedAlternative[])[];
  readonly constraints: readonly Constraint[];
  readonly results: DeviceAllocationResult[];
  /** Ids of the devices taken for this claim. */
  readonly taken: Set<string>;
}

interface Candidate {
  readonly pool: Pool;
  readonly device: PooledDevice;
}

/** `full`: the claim would get too many devices, so that other devices for the same requests do not help. */
type Found = "all" | "none" | "full";

/**
 * Devices for all claims on one node, the first that are found depth first; undefined when there are none. Within a
 * request devices are taken in order, and the next request starts from the first device again.
 * Source: structured/internal/incubating/allocator_incubating.go.
 * @throws AllocationError with upstream's text when the search cannot go on
 */
export function allocate(view: AllocatorView, claims: readonly WantedClaim[]): ClaimAllocation[] | undefined {
  return new Search(view, claims).run();
}

/** What another claim that asks for the same gets, its shares named after it. */
export function namedShares(key: string, results: readonly DeviceAllocationResult[]): ClaimAllocation {
  if (results.every(({ shareID }) => shareID === undefined)) return { key, results };
  return {
    key,
    results: results.map((result, i) =>
      result.shareID === undefined ? result : { ...result, shareID: shareId(key, i) },
    ),
  };
}

function shareId(claim: string, place: number): string {
  return `${claim}-${place}`;
}

class Search {
  readonly #view: AllocatorView;
  readonly #claims: readonly PlannedClaim[];
  readonly #candidates: readonly Candidate[];
  readonly #counters: CounterLedger;
  /** How many claims of this search took a device, and what they took of it. */
  readonly #users = new Map<string, number>();
  readonly #consumed = new Map<string, CapacityAmounts>();

  constructor(view: AllocatorView, claims: readonly WantedClaim[]) {
    this.#view = view;
    this.#counters = new CounterLedger(view.allocated);
    this.#candidates = view.pools
      .filter(({ incomplete, invalid }) => !incomplete && !invalid)
      .flatMap((pool) => pool.devices.map((device) => ({ pool, device })));
    this.#claims = claims.map((claim) => this.#planClaim(claim));
  }

  run(): ClaimAllocation[] | undefined {
    if (this.#allocateRequest(0, 0) !== "all") return undefined;
    return this.#claims.map(({ key, results }) => ({ key, results }));
  }

  #planClaim(claim: WantedClaim): PlannedClaim {
    const requests = requestsOf(claim.spec).map(({ alternatives }) =>
      alternatives.map((alternative) => this.#plan(claim, alternative)),
    );
    const fewest = requests.reduce((sum, plans) => sum + Math.min(...plans.map(({ count }) => count)), 0);
    if (fewest > MAX_RESULTS) {
      throw new AllocationError(
        `claim ${claim.label}: number of requested devices ${fewest} exceeds the claim limit of ${MAX_RESULTS}`,
      );
    }
    const constraints = (claim.spec.devices?.constraints ?? []).map((spec, index) => {
      const constraint = makeConstraint(spec);
      if (constraint !== undefined) return constraint;
      throw new AllocationError(
        `claim ${claim.label}, constraint #${index}: empty constraint (unsupported constraint type?)`,
      );
    });
    return { ...claim, requests, constraints, results: [], taken: new Set() };
  }

  #plan(claim: WantedClaim, alternative: Alternative): PlannedAlternative {
    const { exact, request, subrequest } = alternative;
    const where = `claim ${claim.label}, request ${subrequest ?? request}`;
    const className = exact.deviceClassName ?? "";
    if (className === "") {
      throw new AllocationError(`${where}: missing device class name (unsupported request type?)`);
    }
    const deviceClass = this.#view.classes.get(className);
    if (deviceClass === undefined) {
      throw new AllocationError(
        `${where}: could not retrieve device class ${className}: deviceclass.resource.k8s.io "${className}" not found`,
      );
    }
    const mode = exact.allocationMode || "ExactCount";
    if (mode === "ExactCount")
      return { ...alternative, deviceClass, count: exact.count || 1, all: undefined };
    if (mode !== "All") throw new AllocationError(`${where}: unsupported count mode ${mode}`);
    const all: Candidate[] = [];
    for (const pool of this.#view.pools) {
      const asks = `${where}: asks for all devices, but resource pool ${pool.id} is currently`;
      if (pool.incomplete) throw new AllocationError(`${asks} being updated`);
      if (pool.invalid) throw new AllocationError(`${asks} invalid`);
      for (const device of pool.devices) {
        if (this.#isSelectable(alternative, deviceClass, claim, device)) all.push({ pool, device });
      }
    }
    return { ...alternative, deviceClass, count: all.length, all };
  }

  #isSelectable(
    alternative: Alternative,
    deviceClass: DeviceClassObject,
    claim: WantedClaim,
    device: PooledDevice,
  ): boolean {
    return (
      isSelectable(alternative, deviceClass, claim, device) &&
      device.isFor(this.#view.labels, this.#view.nodeName)
    );
  }

  /** This request and all that follow. */
  #allocateRequest(claimIndex: number, requestIndex: number): Found {
    const claim = this.#claims[claimIndex];
    if (claim === undefined) return "all";
    const alternatives = claim.requests[requestIndex];
    if (alternatives === undefined) {
      // Too many devices for a later claim is a plain failure of this one: other choices here may help there.
      return this.#allocateRequest(claimIndex + 1, 0) === "all" ? "all" : "none";
    }
    let outcome: Found = "full";
    for (const alternative of alternatives) {
      const next = () => this.#allocateRequest(claimIndex, requestIndex + 1);
      const found = this.#allocateDevice(claim, alternative, 0, 0, next);
      if (found === "all") return "all";
      if (found === "none") outcome = "none";
    }
    return outcome;
  }

  /** The device with number `index` of a request, looked for from `start` on, and all that follows. */
  #allocateDevice(
    claim: PlannedClaim,
    alternative: PlannedAlternative,
    index: number,
    start: number,
    next: () => Found,
  ): Found {
    const { all, count } = alternative;
    if (all !== undefined && all.length === 0) return "none";
    if (index >= count) return next();
    if (claim.results.length + count - index > MAX_RESULTS) return "full";

    // Of all devices there is one order only; of any devices each is tried.
    const candidates = all ?? this.#candidates;
    const end = all === undefined ? candidates.length : start + 1;
    for (let i = start; i < end; i++) {
      const candidate = candidates[i];
      const undo = this.#take(claim, alternative, candidate);
      if (undo === undefined) continue;
      const found = this.#allocateDevice(claim, alternative, index + 1, i + 1, next);
      if (found === "all") return "all";
      undo();
      if (found === "full") return "full";
    }
    return "none";
  }

  /** Takes a device; returns what undoes it, or undefined when the device may not be taken. */
  #take(
    claim: PlannedClaim,
    alternative: PlannedAlternative,
    candidate: Candidate,
  ): (() => void) | undefined {
    const { pool, device } = candidate;
    const { id } = device;
    const { exact, request, subrequest } = alternative;
    const admin = exact.adminAccess === true;
    const shares = device.device.allowMultipleAllocations === true;
    const { allocated } = this.#view;
    const users = this.#users.get(id) ?? 0;

    if (admin ? claim.taken.has(id) : allocated.isDedicated(id) || (users > 0 && !shares)) return undefined;
    if (
      alternative.all === undefined &&
      !this.#isSelectable(alternative, alternative.deviceClass, claim, device)
    ) {
      return undefined;
    }
    const consumed = consumedCapacity(exact.capacity?.requests ?? {}, device);
    if (consumed === undefined) return undefined;
    if (shares && !hasRoomFor(consumed, [...allocated.sharedAmounts(id), this.#consumed.get(id)], device))
      return undefined;
    if (!shares && !hasRoomFor(consumed, [], device)) return undefined;

    const draws =
      (device.device.consumesCounters ?? []).length > 0 && !(shares && (users > 0 || allocated.isShared(id)));
    if (draws && !this.#counters.take(pool, device)) return undefined;
    const giveBack = () => draws && this.#counters.giveBack(pool, device);
    if (isTainted(candidate, alternative) || !this.#addToConstraints(claim, alternative, candidate)) {
      giveBack();
      return undefined;
    }

    const isNew = !claim.taken.has(id);
    claim.taken.add(id);
    this.#users.set(id, users + 1);
    const sums = this.#consumed.get(id) ?? new Map<string, bigint>();
    if (shares) addCapacity(sums, consumed);
    this.#consumed.set(id, sums);
    claim.results.push({
      request: nameOf(alternative),
      driver: device.driver,
      pool: device.pool,
      device: device.device.name ?? "",
      ...(admin ? { adminAccess: true } : {}),
      ...(shares
        ? { shareID: shareId(claim.key, claim.results.length), consumedCapacity: asQuantities(consumed) }
        : {}),
    });
    return () => {
      claim.results.pop();
      if (shares) addCapacity(sums, consumed, -1n);
      this.#users.set(id, users);
      if (isNew) claim.taken.delete(id);
      for (const constraint of claim.constraints) constraint.remove(request, subrequest);
      giveBack();
    };
  }

  #addToConstraints(claim: PlannedClaim, alternative: PlannedAlternative, { device }: Candidate): boolean {
    const { request, subrequest } = alternative;
    for (const [index, constraint] of claim.constraints.entries()) {
      if (constraint.add(request, subrequest, device)) continue;
      for (const before of claim.constraints.slice(0, index)) before.remove(request, subrequest);
      if (alternative.all === undefined) return false;
      throw new AllocationError(
        `claim ${claim.label}, request ${subrequest ?? request}: cannot add device ${device.id} because a claim constraint would not be satisfied`,
      );
    }
    return true;
  }
}

function isTainted({ device }: Candidate, { exact }: Alternative): boolean {
  return (device.device.taints ?? []).some(
    (taint) =>
      (taint.effect === "NoSchedule" || taint.effect === "NoExecute") &&
      !(exact.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  );
}

/** Nanos as quantities. */
function asQuantities(amounts: CapacityAmounts): Record<string, string> {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, `${amount}n`]));
}
