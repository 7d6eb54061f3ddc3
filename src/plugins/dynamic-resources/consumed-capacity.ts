import type { DeviceCapacity } from "../../kubernetes/device-object.ts";
import { parseQuantity } from "../../kubernetes/quantity.ts";
import type { PooledDevice } from "./device-inventory.ts";

/** Amounts in nanos by `domain/name`. */
export type CapacityAmounts = Map<string, bigint>;

const NANOS_PER_MILLI = 10n ** 6n;
const NANOS_PER_UNIT = 10n ** 9n;

/**
 * What a request would take of a device's capacity; undefined when the device does not offer it, whatever else is taken:
 * a capacity that it lacks, or an amount against its policy (upstream: incubating/consumable_capacity.go).
 */
export function consumedCapacity(
  requests: Readonly<Record<string, string | number>>,
  pooled: PooledDevice,
): CapacityAmounts | undefined {
  const offered = offeredCapacity(pooled);
  const requested = new Map<string, bigint>();
  for (const [name, amount] of Object.entries(requests)) {
    const full = fullName(name, pooled.driver);
    if (!offered.has(full)) return undefined;
    requested.set(full, nano(amount));
  }
  const consumed: CapacityAmounts = new Map();
  for (const [name, capacity] of offered) {
    const amount = consumedOf(requested.get(name), capacity);
    if (violatesPolicy(amount, capacity)) return undefined;
    consumed.set(name, amount);
  }
  return consumed;
}

/** Whether what is taken already leaves room for more. */
export function hasRoomFor(
  consumed: CapacityAmounts,
  taken: readonly (CapacityAmounts | undefined)[],
  pooled: PooledDevice,
): boolean {
  for (const [name, { value = 0 }] of offeredCapacity(pooled)) {
    let sum = consumed.get(name) ?? 0n;
    for (const amounts of taken) sum += amounts?.get(name) ?? 0n;
    if (sum > nano(value)) return false;
  }
  return true;
}

/** Adds amounts to those in `sums`; a negative sign takes them off. */
export function addCapacity(sums: CapacityAmounts, amounts: CapacityAmounts, sign: 1n | -1n = 1n): void {
  for (const [name, amount] of amounts) sums.set(name, (sums.get(name) ?? 0n) + sign * amount);
}

export function fullName(name: string, driver: string): string {
  return name.includes("/") ? name : `${driver}/${name}`;
}

/** The same few amounts are asked for again and again. */
export function nano(amount: string | number): bigint {
  let parsed = parsedAmounts.get(amount);
  if (parsed === undefined) {
    parsed = parseQuantity(amount).nano;
    if (parsedAmounts.size < KEPT_AMOUNTS) parsedAmounts.set(amount, parsed);
  }
  return parsed;
}

const KEPT_AMOUNTS = 1024;
const parsedAmounts = new Map<string | number, bigint>();

/** By full name; an entry that writes the driver's domain out wins over one that does not. */
function offeredCapacity({ device, driver }: PooledDevice): Map<string, DeviceCapacity> {
  const offered = new Map<string, DeviceCapacity>();
  for (const [name, capacity] of Object.entries(device.capacity ?? {})) {
    const full = fullName(name, driver);
    if (name.includes("/") || !offered.has(full)) offered.set(full, capacity);
  }
  return offered;
}

function consumedOf(
  requested: bigint | undefined,
  { value = 0, requestPolicy: policy }: DeviceCapacity,
): bigint {
  if (requested === undefined) return nano(policy?.default ?? value);
  if (policy?.validRange?.min !== undefined) return roundUp(requested, policy.validRange);
  if (policy?.validValues !== undefined) {
    return policy.validValues.map(nano).find((valid) => valid >= requested) ?? requested;
  }
  return requested;
}

type Range = NonNullable<NonNullable<DeviceCapacity["requestPolicy"]>["validRange"]>;

function roundUp(requested: bigint, range: Range): bigint {
  const min = nano(range.min ?? 0);
  if (requested <= min) return min;
  if (range.step === undefined) return requested;
  const unit = unitOf(range);
  const step = ceil(nano(range.step), unit);
  const from = ceil(min, unit);
  return (from + ceil(ceil(requested, unit) - from, step) * step) * unit;
}

function violatesPolicy(amount: bigint, { requestPolicy: policy }: DeviceCapacity): boolean {
  if (policy === undefined) return false;
  if (policy.default !== undefined && nano(policy.default) === amount) return false;
  if (policy.validRange !== undefined) {
    const { min = 0, max, step } = policy.validRange;
    if (max !== undefined && amount > nano(max)) return true;
    if (step === undefined) return false;
    const unit = unitOf(policy.validRange);
    return (ceil(amount, unit) - ceil(nano(min), unit)) % ceil(nano(step), unit) !== 0n;
  }
  const valid = policy.validValues ?? [];
  return valid.length > 0 && !valid.some((value) => nano(value) === amount);
}

/** Steps are counted in thousandths when all bounds are whole thousandths, and in units otherwise. */
function unitOf({ min = 0, max = 0, step = 0 }: Range): bigint {
  return [min, max, step].every((bound) => nano(bound) % NANOS_PER_MILLI === 0n)
    ? NANOS_PER_MILLI
    : NANOS_PER_UNIT;
}

function ceil(value: bigint, divisor: bigint): bigint {
  return value / divisor + (value % divisor > 0n ? 1n : 0n);
}
