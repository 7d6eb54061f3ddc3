import type { PodObject } from "../../kubernetes/pod.ts";
import {
  Action,
  type ActionName,
  type EventObject,
  type EventObjects,
  type EventResource,
} from "./queue-event.ts";

/** The objects that a hint may look up, as the informers have them. Keys are `namespace/name`, or the name. */
export interface ObjectLookup {
  resourceClaim(key: string): EventObjects["resource.k8s.io/ResourceClaim"] | undefined;
  volumeClaim(key: string): EventObjects["PersistentVolumeClaim"] | undefined;
  deviceClasses(): Iterable<EventObjects["resource.k8s.io/DeviceClass"]>;
}

/** Whether a change may make a pod schedulable that the plugin rejected; `before` is absent for an addition, `after` for a deletion. */
type Hint<Changed extends EventObject> = (
  pod: PodObject,
  before: Changed | undefined,
  after: Changed | undefined,
  lookup: ObjectLookup,
) => boolean;

/** A plugin wants to hear of these changes (upstream: ClusterEventWithHint). */
export interface EventRegistration {
  readonly plugin: string;
  readonly resource: EventResource;
  readonly actions: number;
  /** Without a hint every such change may help. */
  hint?(
    pod: PodObject,
    before: EventObject | undefined,
    after: EventObject | undefined,
    lookup: ObjectLookup,
  ): boolean;
}

/** Makes the registrations of one plugin. */
export function registrar(plugin: string) {
  return <Resource extends EventResource>(
    resource: Resource,
    actions: readonly ActionName[],
    hint?: Hint<EventObjects[Resource]>,
  ): EventRegistration => {
    const bits = actions.reduce((sum, action) => sum | Action[action], 0);
    const registration = { plugin, resource, actions: bits };
    return hint === undefined ? registration : { ...registration, hint };
  };
}
