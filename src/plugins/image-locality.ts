import { type Cycle, definePlugin, zeroForEveryNode } from "../scheduler/plugin.ts";
import { rememberedPerKind } from "../scheduler/remembered.ts";

const MEBIBYTE = 2 ** 20;
const MIN_THRESHOLD = 23 * MEBIBYTE;
const MAX_THRESHOLD_PER_IMAGE = 1000 * MEBIBYTE;
const MAX_NODE_SCORE = 100;

/** The score by distinct set of images; undefined when every node scores 0. */
const scoresBySet = rememberedPerKind(({ pod, nodes }: Cycle) => {
  const states = nodes.images;
  if (states.size === 0) return undefined;
  const images = [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])].map((container) =>
    normalizedImageName(container.image ?? ""),
  );
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.image !== undefined) images.push(normalizedImageName(volume.image.reference ?? ""));
  }
  return Int32Array.from(nodes.imageSets, (set) => {
    const present = new Set(set);
    let sum = 0;
    for (const image of images) {
      const state = present.has(image) ? states.get(image) : undefined;
      // One truncation per image, and the ratio first: a popular image counts for more, which keeps nodes from heating up.
      if (state !== undefined) sum += Math.trunc(state.size * (state.nodes.size / nodes.order.length));
    }
    const high = MAX_THRESHOLD_PER_IMAGE * images.length;
    // In this order, as upstream: a pod without images has the upper threshold below the lower one, and scores 0.
    const clamped = sum < MIN_THRESHOLD ? MIN_THRESHOLD : Math.min(sum, high);
    return Math.trunc((MAX_NODE_SCORE * (clamped - MIN_THRESHOLD)) / (high - MIN_THRESHOLD));
  });
});

/** Prefers nodes that have the pod's images already (upstream: plugins/imagelocality). */
export const imageLocality = definePlugin({
  name: "ImageLocality",
  reads: "nodes",
  score(cycle) {
    // Nothing is to be remembered of a kind where no node has any image.
    if (cycle.nodes.images.size === 0) return zeroForEveryNode;
    const bySet = scoresBySet(cycle);
    if (bySet === undefined) return zeroForEveryNode;
    const { imageSet } = cycle.nodes;
    return ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) scores[i] = bySet[imageSet[rows[i]]]!;
    };
  },
  sign: ({ spec: { containers = [], initContainers = [] } }) => ({
    "v1.Pod.Spec.CanonicalImageNames()": [
      ...new Set([...initContainers, ...containers].map(({ image }) => normalizedImageName(image ?? ""))),
    ].sort(),
  }),
  eventsToRegister: [],
});

/** With `:latest` when the name has no tag; a colon before the last slash is a port. */
function normalizedImageName(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
