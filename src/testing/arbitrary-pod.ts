import fc from "fast-check";
import type { DeviceRequest } from "../cluster/device.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { Container, ContainerPort } from "../kubernetes/container.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { taintEffects } from "../kubernetes/taint.ts";
import type { Toleration } from "../kubernetes/toleration.ts";
import { arbitraryNodeAffinity } from "./arbitrary-affinity.ts";
import {
  EXTENDED,
  HUGE_PAGES,
  IMAGES,
  MODELS,
  nodeName,
  rarely,
  sparse,
  TAINT_KEYS,
  TAINT_VALUES,
  weighted,
  ZONE,
} from "./arbitrary-parts.ts";

const requests = sparse<Record<string, string | number>>({
  cpu: weighted<string | undefined>(
    [6, undefined],
    [6, "100m"],
    [4, "500m"],
    [4, "333m"],
    [2, "1"],
    [2, "0.1m"],
    [2, "0"],
    [1, "6"],
  ),
  memory: weighted<string | undefined>(
    [6, undefined],
    [6, "500Mi"],
    [4, "1Gi"],
    [3, "333333333"],
    [2, "0"],
    [1, "12Gi"],
  ),
  "ephemeral-storage": rarely(8, fc.constantFrom("1Gi", "9Gi")),
  [EXTENDED]: rarely(8, fc.constantFrom(0, 1, 3)),
  [HUGE_PAGES]: rarely(2, fc.constantFrom("2Mi", "8Mi")),
  // Neither native nor extended: the scheduler does not see it.
  "requests.example.com/ignored": rarely(2, fc.constant(5)),
});

const port: fc.Arbitrary<ContainerPort> = sparse<ContainerPort>({
  containerPort: fc.constant(80),
  hostPort: fc.constantFrom(80, 8080, 0, undefined),
  hostIP: weighted<string | undefined>(
    [3, undefined],
    [1, "0.0.0.0"],
    [2, "10.0.0.1"],
    [1, "10.0.0.2"],
    [1, "::"],
  ),
  protocol: weighted<string | undefined>([4, undefined], [2, "TCP"], [1, "UDP"]),
});

const container = (restartPolicy: fc.Arbitrary<string | undefined>): fc.Arbitrary<Container> =>
  fc
    .record({
      image: rarely(50, fc.constantFrom("app:v1", "app", ...IMAGES)),
      requests,
      ports: rarely(20, fc.array(port, { minLength: 1, maxLength: 2 })),
      restartPolicy,
    })
    .map((drawn) => ({
      name: "c",
      ...(drawn.image !== undefined && { image: drawn.image }),
      resources: { requests: drawn.requests },
      ...(drawn.ports && { ports: drawn.ports }),
      ...(drawn.restartPolicy !== undefined && { restartPolicy: drawn.restartPolicy }),
    }));

const toleration: fc.Arbitrary<Toleration> = sparse<Toleration>({
  key: weighted<string | undefined>(
    ...TAINT_KEYS.map((key) => [3, key] as const),
    [1, "node.kubernetes.io/unschedulable"],
    [2, ""],
    [2, undefined],
  ),
  operator: weighted<Toleration["operator"]>([3, "Exists"], [3, "Equal"], [2, undefined], [1, ""], [1, "Gt"]),
  value: fc.constantFrom(...TAINT_VALUES, undefined),
  effect: fc.constantFrom(...taintEffects, "", undefined),
  tolerationSeconds: rarely(5, fc.constant(60)),
});

/** One share of one device, or whole devices. */
export const arbitraryDeviceRequest: fc.Arbitrary<DeviceRequest> = fc
  .record({
    share: fc.oneof(
      fc.record({ count: fc.constant(1), milli: fc.constantFrom(100, 250, 333, 500, 700) }),
      fc.record({ count: weighted([4, 1], [2, 2], [1, 4]), milli: fc.constant(1000) }),
    ),
    models: rarely(30, fc.uniqueArray(fc.constantFrom(...MODELS, "C"), { minLength: 1, maxLength: 2 })),
  })
  .map(({ share, models }) => ({ ...share, ...(models && { models }) }));

const podLevel = fc.record({
  requests: sparse<Record<string, string>>({
    cpu: rarely(60, fc.constantFrom("200m", "2")),
    memory: rarely(60, fc.constantFrom("100Mi", "2Gi")),
  }),
});

const spec: fc.Arbitrary<PodSpec> = fc
  .record({
    containers: weighted([1, 0], [20, 1], [8, 2]).chain((n) =>
      fc.array(container(fc.constant(undefined)), { minLength: n, maxLength: n }),
    ),
    initContainers: rarely(
      20,
      fc.array(container(rarely(50, fc.constant("Always"))), { minLength: 1, maxLength: 2 }),
    ),
    overhead: rarely(6, fc.constantFrom({ cpu: "50m" }, { cpu: "250m", memory: "120Mi" })),
    resources: rarely(6, podLevel),
    nodeSelector: rarely(10, fc.constantFrom({ disk: "ssd" }, { [ZONE]: "a" }, { disk: "hdd", rank: "1" })),
    nodeAffinity: rarely(25, arbitraryNodeAffinity),
    tolerations: rarely(50, fc.array(toleration, { minLength: 1, maxLength: 3 })),
    nodeName: rarely(4, fc.nat({ max: 12 }).map(nodeName)),
    schedulingGates: rarely(2, fc.constantFrom([{ name: "a" }, { name: "b" }], [{ name: "a" }], [])),
    priority: rarely(20, fc.constantFrom(-1, 10)),
    volumes: rarely(4, fc.constantFrom([{ name: "v", image: { reference: "app:v1" } }], [{ name: "v" }])),
  })
  .map(({ nodeAffinity, ...drawn }) =>
    Object.fromEntries(
      Object.entries({ ...drawn, affinity: nodeAffinity && { nodeAffinity } }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
  );

/** A pod of any kind. Most ask for little and object to little, so that most clusters have room for some. */
export const arbitraryPodTemplate: fc.Arbitrary<PodTemplate> = fc
  .record({
    spec,
    labels: rarely(50, fc.constantFrom({ app: "web" }, { app: "db" })),
    devices: rarely(15, arbitraryDeviceRequest),
  })
  .map((drawn) => ({
    name: "pod",
    object: { kind: "Pod", metadata: { ...(drawn.labels && { labels: drawn.labels }) }, spec: drawn.spec },
    ...(drawn.devices && { devices: drawn.devices }),
  }));
