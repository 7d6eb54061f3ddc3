import type {
  DeviceClassObject,
  DeviceSelector,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from "../../kubernetes/device-object.ts";
import type { PooledDevice } from "./device-inventory.ts";
import { deviceMatches } from "./device-selector.ts";

/** A claim that is to be allocated; `label` is `namespace/name`. */
export interface WantedClaim {
  /** Tells claims apart: the label, but for claims that exist in memory only. */
  readonly key: string;
  readonly label: string;
  readonly spec: ResourceClaimSpec;
}

/** One way to satisfy a request: the request itself, or one of its subrequests. */
export interface Alternative {
  readonly request: string;
  readonly subrequest: string | undefined;
  readonly exact: ExactDeviceRequest;
}

export interface Request {
  readonly alternatives: readonly Alternative[];
}

/** The requests of a claim, each with its alternatives in order of preference. */
export function requestsOf({ devices = {} }: ResourceClaimSpec): Request[] {
  return (devices.requests ?? []).map(({ name: request = "", exactly, firstAvailable = [] }) => ({
    alternatives:
      firstAvailable.length === 0
        ? [{ request, subrequest: undefined, exact: exactly ?? {} }]
        : firstAvailable.map(({ name: subrequest = "", ...exact }) => ({ request, subrequest, exact })),
  }));
}

/** `request`, or `request/subrequest`. */
export function nameOf({ request, subrequest }: Alternative): string {
  return subrequest === undefined ? request : `${request}/${subrequest}`;
}

/**
 * Whether the selectors of the class and of the request accept a device, in this order.
 * @throws AllocationError when a selector fails
 */
export function isSelectable(
  { exact }: Alternative,
  deviceClass: DeviceClassObject,
  claim: WantedClaim,
  device: PooledDevice,
): boolean {
  return (
    accept(deviceClass.spec?.selectors, device, () => `class ${deviceClass.metadata?.name}`) &&
    accept(exact.selectors, device, () => `claim ${claim.label}`)
  );
}

/** What stops the allocation on all nodes; the text is upstream's. */
export class AllocationError extends Error {
  override readonly name = "AllocationError";
}

function accept(
  selectors: readonly DeviceSelector[] = [],
  pooled: PooledDevice,
  owner: () => string,
): boolean {
  for (const [index, { cel }] of selectors.entries()) {
    const match = deviceMatches(cel?.expression ?? "", pooled.device, pooled.driver);
    if (match === false) return false;
    if (match !== true) {
      // What does not compile does so on no device.
      const place = match.problem.startsWith("CEL compile error") ? "" : ` on device ${pooled.id}`;
      throw new AllocationError(`${owner()}: selector #${index}${place}: ${match.problem}`);
    }
  }
  return true;
}
