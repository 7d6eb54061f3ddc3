/**
 * Devices with shares: GPUs that one pod may take whole, or several pods may share. kube-scheduler sees whole extended
 * resources only; traces of GPU clusters (Weng et al., USENIX ATC '23) ask for a part of one device, and care which.
 */

/** Share of one whole device, in thousandths, as millicores are of a core. */
export const WHOLE_DEVICE = 1000;

/** At most this many devices on a node: the devices a pod holds are a set of bits. */
export const MAX_DEVICES_PER_NODE = 31;

/**
 * The name under which the sum of a node's device shares stands among the resources, in thousandths of a device.
 * It has no domain, so that it can never be a Kubernetes resource name.
 */
export const DEVICE_RESOURCE = "gpu";

/** What a node offers: `count` equal devices of one model. */
export interface NodeDevices {
  readonly model: string;
  readonly count: number;
}

/** What a pod asks for: `count` devices and `milli` of each (1..999 only with count 1), of one of the models (undefined: any). */
export interface DeviceRequest {
  readonly count: number;
  readonly milli: number;
  readonly models?: readonly string[];
}
