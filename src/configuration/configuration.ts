import type { HttpExtenderOptions } from "../plugins/extender/http-extender.ts";
import type { ExtensionPoint, PluginArgs } from "../plugins/registry.ts";
import type { Path } from "./configuration-source.ts";

/** A KubeSchedulerConfiguration, checked, with every default filled in. Durations are seconds. */
export interface Configuration {
  readonly parallelism: number;
  /** Percent; 0 is upstream's adaptive share. */
  readonly percentageOfNodesToScore: number;
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  readonly delayCacheUntilActive: boolean;
  readonly enableProfiling: boolean;
  readonly enableContentionProfiling: boolean;
  readonly clientConnection: ClientConnection;
  readonly leaderElection: LeaderElection;
  readonly profiles: readonly ConfiguredProfile[];
  readonly extenders: readonly Extender[];
}

export interface ClientConnection {
  readonly kubeconfig: string;
  readonly acceptContentTypes: string;
  readonly contentType: string;
  readonly qps: number;
  readonly burst: number;
}

export interface LeaderElection {
  readonly leaderElect: boolean;
  readonly leaseDuration: number;
  readonly renewDeadline: number;
  readonly retryPeriod: number;
  readonly resourceLock: string;
  readonly resourceNamespace: string;
  readonly resourceName: string;
}

export interface ConfiguredProfile {
  readonly schedulerName: string;
  /** Undefined: that of the configuration. */
  readonly percentageOfNodesToScore: number | undefined;
  /** The plugins that run at each point, in order, after merging with the defaults and expanding multiPoint. */
  readonly points: Readonly<Record<ExtensionPoint, readonly EnabledPlugin[]>>;
  /** Defaults that are there only while their feature gate is on, by point; nothing in the configuration disables them. */
  readonly gated: Readonly<Partial<Record<ExtensionPoint, readonly GatedPlugin[]>>>;
  readonly args: PluginArgs;
}

export interface GatedPlugin extends EnabledPlugin {
  readonly gate: string;
}

export interface EnabledPlugin {
  readonly name: string;
  /** Of its score; 0 and absent count 1. */
  readonly weight?: number;
  /** Where the configuration enables it; absent: a default. */
  readonly path?: Path;
}

/** A scheduler extender: a web service that filters, scores, preempts or binds. */
export interface Extender extends HttpExtenderOptions {
  readonly managedResources: readonly { readonly name: string; readonly ignoredByScheduler: boolean }[];
}
