import type {
  DeviceAllocationResult,
  DeviceAttribute,
  DeviceConstraint,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from "../kubernetes/device-object.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { type Amounts, consumedOf, holds, qualified } from "./device-claims-capacity.ts";
import { poolsOn, type ReferenceDevice, type ReferencePool } from "./device-claims-pools.ts";
import { selects } from "./device-claims-selector.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";
import { nanoOf } from "./storage-amounts.ts";
import { bears } from "./tolerates.ts";

/** The most devices that one claim may get. */
const MOST_RESULTS = 32;

/** A claim without devices; its name is for texts. */
export interface OpenClaim {
  /** `namespace/name`. */
  readonly name: string;
  readonly spec: ResourceClaimSpec;
}

/** A request, or one of its subrequests. */
interface Alternative {
  /** The request, or `request/subrequest`. */
  readonly name: string;
  readonly request: string;
  /** As texts of errors have it. */
  readonly shortName: string;
  readonly exact: ExactDeviceRequest;
  readonly count: number;
  /** All devices that there are, when all are asked for. */
  readonly all: readonly ReferenceDevice[] | undefined;
}

interface PlannedClaim extends OpenClaim {
  /** Each with its alternatives, the preferred one first. */
  readonly requests: readonly (readonly Alternative[])[];
}

interface Taken {
  readonly claim: PlannedClaim;
  readonly alternative: Alternative;
  readonly device: ReferenceDevice;
  readonly consumed: Amounts;
  /** Whether it counts for the pool's counters. */
  readonly draws: boolean;
}

/**
 * Devices of a node for claims, each device tried after each other, the first way that works for all claims (upstream:
 * structured/internal/incubating/allocator_incubating.go). `none`: there is no way; `invalid pools`: and some pool is invalid.
 *
 * @throws CycleFailure when upstream cannot go on
 */
export function allocate(
  claims: readonly OpenClaim[],
  node: ReferenceNode,
  cluster: ReferenceCluster,
): (readonly DeviceAllocationResult[])[] | "none" | "invalid pools" {
  const pools = poolsOn(node, cluster);
  const planned = claims.map((claim) => plan(claim, pools, cluster));
  const usable = pools.filter(({ incomplete, invalid }) => !incomplete && !invalid);
  const held = [...cluster.objects.resourceClaims, ...cluster.promisedClaims]
    .flatMap(({ status }) => status?.allocation?.devices?.results ?? [])
    .filter(({ adminAccess }) => adminAccess !== true);
  const world: World = { claims: planned, devices: usable.flatMap(({ devices }) => devices), held, cluster };
  const taken = takeRequest(world, 0, 0, []);
  if (taken === undefined) return pools.some(({ invalid }) => invalid) ? "invalid pools" : "none";
  return planned.map((claim) => taken.filter((one) => one.claim === claim).map(resultOf));
}

interface World {
  readonly claims: readonly PlannedClaim[];
  readonly devices: readonly ReferenceDevice[];
  /** What claims hold already. */
  readonly held: readonly DeviceAllocationResult[];
  readonly cluster: ReferenceCluster;
}

function plan(claim: OpenClaim, pools: readonly ReferencePool[], cluster: ReferenceCluster): PlannedClaim {
  const requests = (claim.spec.devices?.requests ?? []).map(({ name = "", exactly, firstAvailable = [] }) => {
    if (firstAvailable.length === 0)
      return [alternative(claim, name, name, name, exactly ?? {}, pools, cluster)];
    return firstAvailable.map(({ name: sub = "", ...exact }) =>
      alternative(claim, `${name}/${sub}`, name, sub, exact, pools, cluster),
    );
  });
  const fewest = requests.reduce((sum, list) => sum + Math.min(...list.map(({ count }) => count)), 0);
  if (fewest > MOST_RESULTS) {
    throw new CycleFailure(
      `claim ${claim.name}: number of requested devices ${fewest} exceeds the claim limit of ${MOST_RESULTS}`,
    );
  }
  return { ...claim, requests };
}

function alternative(
  claim: OpenClaim,
  name: string,
  request: string,
  shortName: string,
  exact: ExactDeviceRequest,
  pools: readonly ReferencePool[],
  cluster: ReferenceCluster,
): Alternative {
  const one = { name, request, shortName, exact };
  if (exact.allocationMode !== "All") return { ...one, count: exact.count || 1, all: undefined };
  const all: ReferenceDevice[] = [];
  for (const pool of pools) {
    const asks = `claim ${claim.name}, request ${shortName}: asks for all devices, but resource pool ${pool.driver}/${pool.name} is currently`;
    if (pool.incomplete) throw new CycleFailure(`${asks} being updated`);
    if (pool.invalid) throw new CycleFailure(`${asks} invalid`);
    all.push(...pool.devices.filter((device) => isSelectable(device, exact, claim, cluster)));
  }
  return { ...one, count: all.length, all };
}

function isSelectable(
  { id, device, driver, here }: ReferenceDevice,
  { deviceClassName = "", selectors = [] }: ExactDeviceRequest,
  claim: OpenClaim,
  { objects }: ReferenceCluster,
): boolean {
  const deviceClass = objects.deviceClasses.find(({ metadata }) => metadata?.name === deviceClassName);
  const ofClass = (deviceClass?.spec?.selectors ?? []).map(
    (selector, i) => [selector, `class ${deviceClassName}: selector #${i}`] as const,
  );
  const ofRequest = selectors.map(
    (selector, i) => [selector, `claim ${claim.name}: selector #${i}`] as const,
  );
  for (const [{ cel }, owner] of [...ofClass, ...ofRequest]) {
    try {
      if (!selects(cel?.expression ?? "", device, driver)) return false;
    } catch (error) {
      if (!(error instanceof CycleFailure)) throw error;
      throw new CycleFailure(`${owner} on device ${id}: ${error.message}`);
    }
  }
  return here;
}

/** This request and all that follow, after what is taken already. */
function takeRequest(
  world: World,
  claimIndex: number,
  requestIndex: number,
  taken: readonly Taken[],
): readonly Taken[] | undefined {
  const claim = world.claims[claimIndex];
  if (claim === undefined) return taken;
  const alternatives = claim.requests[requestIndex];
  if (alternatives === undefined) return takeRequest(world, claimIndex + 1, 0, taken);
  const before = taken.filter((one) => one.claim === claim).length;
  const later = claim.requests
    .slice(requestIndex + 1)
    .reduce((sum, list) => sum + Math.min(...list.map(({ count }) => count)), 0);
  for (const chosen of alternatives) {
    if (before + chosen.count + later > MOST_RESULTS || chosen.count === 0) continue;
    const found = takeDevices(world, claimIndex, requestIndex, chosen, 0, 0, taken);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The devices of a request from number `index` on, no earlier in the list than `start`, and all that follows. */
function takeDevices(
  world: World,
  claimIndex: number,
  requestIndex: number,
  chosen: Alternative,
  index: number,
  start: number,
  taken: readonly Taken[],
): readonly Taken[] | undefined {
  if (index === chosen.count) return takeRequest(world, claimIndex, requestIndex + 1, taken);
  const places = chosen.all === undefined ? world.devices.map((_, place) => place).slice(start) : [index];
  for (const place of places) {
    const device = (chosen.all ?? world.devices)[place];
    const one = take(world, world.claims[claimIndex], chosen, device, taken);
    if (one === undefined) continue;
    const after = [...taken, one];
    const found = takeDevices(world, claimIndex, requestIndex, chosen, index + 1, place + 1, after);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The device for the request, or undefined when it cannot have it. */
function take(
  world: World,
  claim: PlannedClaim,
  chosen: Alternative,
  device: ReferenceDevice,
  taken: readonly Taken[],
): Taken | undefined {
  const { exact } = chosen;
  const shares = device.device.allowMultipleAllocations === true;
  const users = taken.filter((one) => one.device.id === device.id);
  const holders = world.held.filter((result) => idOf(result) === device.id);
  if (exact.adminAccess === true) {
    if (users.some((one) => one.claim === claim)) return undefined;
  } else if (holders.some(({ shareID }) => shareID === undefined) || (users.length > 0 && !shares)) {
    return undefined;
  }
  if (chosen.all === undefined && !isSelectable(device, exact, claim, world.cluster)) return undefined;
  const consumed = consumedOf(exact.capacity?.requests ?? {}, device);
  if (consumed === undefined) return undefined;
  const others = [...holders.map(amountsOf), ...users.map((one) => one.consumed)];
  if (!holds(device, shares ? [consumed, ...others] : [consumed])) return undefined;
  const draws = !(shares && users.length + holders.length > 0);
  if (draws && !countersSuffice(world, device, taken)) return undefined;
  const one: Taken = { claim, alternative: chosen, device, consumed, draws };
  const forbidden = (device.device.taints ?? []).some(
    (taint) =>
      (taint.effect === "NoSchedule" || taint.effect === "NoExecute") &&
      !(exact.tolerations ?? []).some((toleration) => bears(toleration, taint)),
  );
  if (forbidden) return undefined;
  const ofClaim = [...taken.filter((other) => other.claim === claim), one];
  if ((claim.spec.devices?.constraints ?? []).every((constraint) => isMet(constraint, ofClaim))) return one;
  if (chosen.all === undefined) return undefined;
  throw new CycleFailure(
    `claim ${claim.name}, request ${chosen.shortName}: cannot add device ${device.id} because a claim constraint would not be satisfied`,
  );
}

/** Whether the pool's counters last for the devices in use anywhere, those taken here, and this one. */
function countersSuffice({ held }: World, device: ReferenceDevice, taken: readonly Taken[]): boolean {
  if ((device.device.consumesCounters ?? []).length === 0) return true;
  const { slices, driver, name } = device.pool;
  const inUse = slices
    .flatMap(({ devices = [] }) => devices)
    .filter((other) => held.some((result) => idOf(result) === `${driver}/${name}/${other.name ?? ""}`));
  const here = taken.filter((one) => one.draws && one.device.pool === device.pool);
  const drawing = [...inUse, ...here.map((one) => one.device.device), device.device];
  return slices
    .flatMap(({ sharedCounters = [] }) => sharedCounters)
    .every(({ name: set, counters = {} }) =>
      Object.entries(counters).every(([counter, { value = 0 }]) => {
        const drawn = drawing
          .flatMap(({ consumesCounters = [] }) => consumesCounters)
          .filter(({ counterSet }) => counterSet === set)
          .reduce((sum, uses) => sum + nanoOf(uses.counters?.[counter]?.value ?? 0), 0n);
        return drawn <= nanoOf(value);
      }),
    );
}

function isMet(constraint: DeviceConstraint, taken: readonly Taken[]): boolean {
  const { requests = [], matchAttribute, distinctAttribute } = constraint;
  const named = taken.filter(
    ({ alternative: { name, request } }) =>
      requests.length === 0 || requests.includes(name) || requests.includes(request),
  );
  const attribute = matchAttribute ?? distinctAttribute ?? "";
  const values = named.map(({ device }) => attributeOf(device, attribute));
  if (values.includes(undefined)) return false;
  const different = new Set(values).size;
  return matchAttribute === undefined ? different === values.length : different <= 1;
}

/** The attribute as a text that tells types and values apart. */
function attributeOf({ device, driver }: ReferenceDevice, name: string): string | undefined {
  const { attributes = {} } = device;
  const [domain, id = ""] = name.split("/");
  const attribute: DeviceAttribute | undefined =
    attributes[name] ?? (domain === driver ? attributes[id] : undefined);
  return attribute && JSON.stringify(attribute);
}

function idOf({ driver = "", pool = "", device = "" }: DeviceAllocationResult): string {
  return `${driver}/${pool}/${device}`;
}

function amountsOf({ consumedCapacity = {}, driver = "" }: DeviceAllocationResult): Amounts {
  return new Map(
    Object.entries(consumedCapacity).map(([name, amount]) => [qualified(name, driver), nanoOf(amount)]),
  );
}

function resultOf({ claim, alternative: { name, exact }, device, consumed }: Taken): DeviceAllocationResult {
  const shares = device.device.allowMultipleAllocations === true;
  const amounts = [...consumed].map(([capacity, nano]) => [capacity, `${nano}n`] as const);
  return {
    request: name,
    driver: device.driver,
    pool: device.pool.name,
    device: device.device.name ?? "",
    ...(exact.adminAccess === true && { adminAccess: true }),
    ...(shares && { shareID: `${claim.name} ${name}`, consumedCapacity: Object.fromEntries(amounts) }),
  };
}
