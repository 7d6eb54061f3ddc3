import type { NodeObject } from "../kubernetes/node.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { DeviceRequest, NodeDevices } from "./device.ts";

/** A node as it is asked for: the Kubernetes object, and the devices that no Kubernetes object describes. */
export interface NodeSpec {
  readonly object: NodeObject;
  readonly devices?: NodeDevices;
}

/** A pod as it is asked for. Pods made from one template share it by reference and differ in name only. */
export interface PodTemplate {
  /** A name for people: the template's, the owner's, or the shape ("12000m-1gpu"). */
  readonly name: string;
  readonly object: PodObject;
  readonly devices?: DeviceRequest;
}
