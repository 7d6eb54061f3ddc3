import type { DeviceCapacity } from "../kubernetes/device-object.ts";
import type { ReferenceDevice } from "./device-claims-pools.ts";
import { nanoOf } from "./storage-amounts.ts";

/** Billionths by `domain/name`. */
export type Amounts = ReadonlyMap<string, bigint>;

export function qualified(name: string, driver: string): string {
  return name.includes("/") ? name : `${driver}/${name}`;
}

/** What a request takes of a device's capacity; undefined when the device cannot give it (upstream: consumable_capacity.go). */
export function consumedOf(
  requests: Readonly<Record<string, string | number>>,
  { device, driver }: ReferenceDevice,
): Amounts | undefined {
  const capacities = Object.entries(device.capacity ?? {});
  const wanted = new Map(
    Object.entries(requests).map(([name, amount]) => [qualified(name, driver), nanoOf(amount)]),
  );
  const offered = capacities.map(([name]) => qualified(name, driver));
  if ([...wanted.keys()].some((name) => !offered.includes(name))) return undefined;
  const consumed = new Map<string, bigint>();
  for (const [name, capacity] of capacities) {
    const amount = amountFor(wanted.get(qualified(name, driver)), capacity);
    if (!isAllowed(amount, capacity)) return undefined;
    consumed.set(qualified(name, driver), amount);
  }
  return consumed;
}

/** Whether a device holds what is taken of it, all together. */
export function holds({ device, driver }: ReferenceDevice, taken: readonly Amounts[]): boolean {
  return Object.entries(device.capacity ?? {}).every(([name, { value = 0 }]) => {
    const sum = taken.reduce((total, amounts) => total + (amounts.get(qualified(name, driver)) ?? 0n), 0n);
    return sum <= nanoOf(value);
  });
}

function amountFor(wanted: bigint | undefined, { value = 0, requestPolicy }: DeviceCapacity): bigint {
  if (wanted === undefined) return nanoOf(requestPolicy?.default ?? value);
  const range = requestPolicy?.validRange;
  if (range?.min !== undefined) {
    const min = nanoOf(range.min);
    if (wanted <= min) return min;
    if (range.step === undefined) return wanted;
    let amount = min;
    while (amount < wanted) amount += nanoOf(range.step);
    return amount;
  }
  return requestPolicy?.validValues?.map(nanoOf).find((valid) => valid >= wanted) ?? wanted;
}

function isAllowed(amount: bigint, { requestPolicy }: DeviceCapacity): boolean {
  if (requestPolicy === undefined) return true;
  const { default: usual, validRange, validValues = [] } = requestPolicy;
  if (usual !== undefined && nanoOf(usual) === amount) return true;
  if (validRange === undefined) return validValues.length === 0 || validValues.map(nanoOf).includes(amount);
  if (validRange.max !== undefined && amount > nanoOf(validRange.max)) return false;
  return (
    validRange.step === undefined || (amount - nanoOf(validRange.min ?? 0)) % nanoOf(validRange.step) === 0n
  );
}
