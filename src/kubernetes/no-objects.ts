import type { KubernetesObjects } from "./kubernetes-objects.ts";
import { ObjectCollector } from "./object-collector.ts";

/** A cluster of which nothing is known but its pods and nodes: what a collector has that was given nothing. */
export const NO_OBJECTS: KubernetesObjects = new ObjectCollector().objects();
