/** Changes of the cluster that may make a pod schedulable (upstream: framework.ClusterEvent), as far as they are simulated. */
export type ClusterEvent = "AssignedPodAdd" | "AssignedPodDelete" | "NodeAdd" | "NodeUpdate" | "NodeDelete";
