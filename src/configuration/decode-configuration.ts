import { unknown } from "../base/nearest.ts";
import {
  boolean,
  type Decoder,
  type Decoding,
  integer,
  isRecord,
  listOf,
  oneOf,
  ownString,
} from "../kubernetes/decoder.ts";
import { type ExtensionPoint, extensionPoints, registry } from "../plugins/registry.ts";
import type { ClientConnection, LeaderElection } from "./configuration.ts";
import {
  API_VERSION,
  type DecodedArgs,
  decodeArgs,
  hasArgs,
  type PluginWithArgs,
} from "./decode-plugin-args.ts";
import { anything, duration, float, int32, strictObjectOf } from "./strict-decoder.ts";

interface DecodedPlugin {
  readonly name?: string;
  readonly weight?: number;
}

export interface DecodedPluginSet {
  readonly enabled?: readonly DecodedPlugin[];
  readonly disabled?: readonly DecodedPlugin[];
}

export interface DecodedPluginConfig {
  readonly name: string;
  /** Under the plugin's name, when it has args. */
  readonly args: { readonly [K in PluginWithArgs]?: DecodedArgs[K] };
}

export type DecodedPlugins = { readonly [P in ExtensionPoint | "multiPoint"]?: DecodedPluginSet };

export interface DecodedProfile {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: DecodedPlugins;
  readonly pluginConfig?: readonly DecodedPluginConfig[];
}

export interface DecodedTls {
  readonly insecure?: boolean;
  readonly serverName?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly caFile?: string;
  readonly certData?: string;
  readonly keyData?: string;
  readonly caData?: string;
}

export interface DecodedExtender {
  readonly urlPrefix?: string;
  readonly filterVerb?: string;
  readonly preemptVerb?: string;
  readonly prioritizeVerb?: string;
  readonly bindVerb?: string;
  readonly weight?: number;
  readonly enableHTTPS?: boolean;
  readonly tlsConfig?: DecodedTls;
  readonly httpTimeout?: number;
  readonly nodeCacheCapable?: boolean;
  readonly managedResources?: readonly { readonly name?: string; readonly ignoredByScheduler?: boolean }[];
  readonly ignorable?: boolean;
}

/** A configuration as it is written: nothing filled in, nothing checked but the shape. */
export interface DecodedConfiguration {
  readonly parallelism?: number;
  readonly percentageOfNodesToScore?: number;
  readonly podInitialBackoffSeconds?: number;
  readonly podMaxBackoffSeconds?: number;
  readonly delayCacheUntilActive?: boolean;
  readonly enableProfiling?: boolean;
  readonly enableContentionProfiling?: boolean;
  readonly clientConnection?: Partial<ClientConnection>;
  readonly leaderElection?: Partial<LeaderElection>;
  readonly profiles?: readonly DecodedProfile[];
  readonly extenders?: readonly DecodedExtender[];
}

const pluginSet = strictObjectOf<DecodedPluginSet>({
  enabled: listOf(strictObjectOf<DecodedPlugin>({ name: ownString, weight: int32 }, ["name"])),
  disabled: listOf(strictObjectOf<DecodedPlugin>({ name: ownString, weight: int32 }, ["name"])),
});

const points: readonly (ExtensionPoint | "multiPoint")[] = [...extensionPoints, "multiPoint"];

const plugins = strictObjectOf<DecodedPlugins>(
  Object.fromEntries(points.map((point) => [point, pluginSet])) as Record<
    (typeof points)[number],
    typeof pluginSet
  >,
);

const pluginConfigEntry = strictObjectOf<{ readonly name?: string; readonly args?: object }>(
  { name: ownString, args: anything },
  ["name"],
);

const pluginConfig: Decoder<DecodedPluginConfig> = (value, decoding) => {
  const { name = "", args } = pluginConfigEntry(value, decoding) ?? {};
  if (name === "") return { name, args: {} };
  const before = decoding.problemCount;
  if (!registry.has(name)) {
    decoding.fail(unknown("plugin", name, registry.keys()));
    decoding.place(before, "name");
    return { name, args: {} };
  }
  if (args === undefined) return { name, args: {} };
  const decoded = argsOf(name, args, decoding);
  decoding.place(before, "args");
  return { name, args: decoded };
};

function argsOf(name: string, args: unknown, decoding: Decoding): DecodedPluginConfig["args"] {
  if (hasArgs(name)) return { [name]: decodeArgs(name)(args, decoding) };
  if (!isRecord(args) || Object.keys(args).length > 0) {
    decoding.fail(`invalid args: ${JSON.stringify(args)}, ${name} takes none; remove them`);
  }
  return {};
}

const extender = strictObjectOf<DecodedExtender>({
  urlPrefix: ownString,
  filterVerb: ownString,
  preemptVerb: ownString,
  prioritizeVerb: ownString,
  bindVerb: ownString,
  weight: integer,
  enableHTTPS: boolean,
  tlsConfig: strictObjectOf<DecodedTls>({
    insecure: boolean,
    serverName: ownString,
    certFile: ownString,
    keyFile: ownString,
    caFile: ownString,
    certData: ownString,
    keyData: ownString,
    caData: ownString,
  }),
  httpTimeout: duration,
  nodeCacheCapable: boolean,
  managedResources: listOf(
    strictObjectOf<{ name?: string; ignoredByScheduler?: boolean }>({
      name: ownString,
      ignoredByScheduler: boolean,
    }),
  ),
  ignorable: boolean,
});

const fields = {
  parallelism: int32,
  percentageOfNodesToScore: int32,
  podInitialBackoffSeconds: integer,
  podMaxBackoffSeconds: integer,
  delayCacheUntilActive: boolean,
  enableProfiling: boolean,
  enableContentionProfiling: boolean,
  clientConnection: strictObjectOf<Partial<ClientConnection>>({
    kubeconfig: ownString,
    acceptContentTypes: ownString,
    contentType: ownString,
    qps: float,
    burst: int32,
  }),
  leaderElection: strictObjectOf<Partial<LeaderElection>>({
    leaderElect: boolean,
    leaseDuration: duration,
    renewDeadline: duration,
    retryPeriod: duration,
    resourceLock: ownString,
    resourceNamespace: ownString,
    resourceName: ownString,
  }),
  profiles: listOf(
    strictObjectOf<DecodedProfile>({
      schedulerName: ownString,
      percentageOfNodesToScore: int32,
      plugins,
      pluginConfig: listOf(pluginConfig),
    }),
  ),
  extenders: listOf(extender),
};

/** A configuration without apiVersion and kind. */
export const decodeBareConfiguration = strictObjectOf<DecodedConfiguration>(fields);

/** A configuration, which must say what it is. */
export const decodeConfiguration = strictObjectOf<
  DecodedConfiguration & { readonly apiVersion?: string; readonly kind?: string }
>(
  {
    ...fields,
    apiVersion: oneOf("apiVersion", [API_VERSION]),
    kind: oneOf("kind", ["KubeSchedulerConfiguration"]),
  },
  ["apiVersion", "kind"],
);
