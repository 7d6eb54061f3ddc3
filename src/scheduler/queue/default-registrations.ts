import type { EventRegistration } from "./event-registration.ts";
import { defaultPreemptionEvents } from "./hints/default-preemption.ts";
import { dynamicResourcesEvents } from "./hints/dynamic-resources.ts";
import { interPodAffinityEvents } from "./hints/inter-pod-affinity.ts";
import {
  nodeAffinityEvents,
  nodeDeclaredFeaturesEvents,
  nodeNameEvents,
  nodeUnschedulableEvents,
  taintTolerationEvents,
} from "./hints/node-hints.ts";
import { nodePortsEvents } from "./hints/node-ports.ts";
import { nodeResourcesFitEvents } from "./hints/node-resources-fit.ts";
import { nodeVolumeLimitsEvents } from "./hints/node-volume-limits.ts";
import { podTopologySpreadEvents } from "./hints/pod-topology-spread.ts";
import { schedulingGatesEvents } from "./hints/scheduling-gates.ts";
import { volumeBindingEvents } from "./hints/volume-binding.ts";
import { volumeRestrictionsEvents } from "./hints/volume-restrictions.ts";
import { volumeZoneEvents } from "./hints/volume-zone.ts";

/** Which changes the plugins of kube-scheduler's default profile want to hear of. */
export const defaultRegistrations: readonly EventRegistration[] = [
  ...schedulingGatesEvents,
  ...nodeUnschedulableEvents,
  ...nodeNameEvents,
  ...taintTolerationEvents,
  ...nodeAffinityEvents,
  ...nodePortsEvents,
  ...nodeResourcesFitEvents,
  ...volumeRestrictionsEvents,
  ...nodeVolumeLimitsEvents,
  ...volumeBindingEvents,
  ...volumeZoneEvents,
  ...podTopologySpreadEvents,
  ...interPodAffinityEvents,
  ...dynamicResourcesEvents,
  ...nodeDeclaredFeaturesEvents,
  ...defaultPreemptionEvents,
];
