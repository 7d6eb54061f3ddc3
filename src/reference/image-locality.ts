import type { PodTemplate } from "../cluster/specs.ts";
import { type ReferenceNode, type ReferencePlugin, specOf } from "./reference-plugin.ts";

const MEBIBYTE = 1_048_576n;

export const referenceImageLocality: ReferencePlugin = {
  score(pod, node, cluster) {
    const images = imagesOf(pod);
    let sum = 0n;
    for (const image of images) {
      if (!hasImage(node, image)) continue;
      const size = cluster.imageSizes.get(image) ?? 0;
      const holders = cluster.nodes.filter((other) => hasImage(other, image)).length;
      sum += BigInt(Math.trunc(size * (holders / cluster.nodes.length)));
    }
    const low = 23n * MEBIBYTE;
    const high = 1000n * MEBIBYTE * BigInt(images.length);
    // In this order: a pod without images has high below low, and scores 0.
    if (sum < low) sum = low;
    else if (sum > high) sum = high;
    return (100n * (sum - low)) / (high - low);
  },
};

function hasImage(node: ReferenceNode, name: string): boolean {
  return (node.object.status?.images ?? []).some((image) => (image.names ?? []).includes(name));
}

function imagesOf(pod: PodTemplate): string[] {
  const spec = specOf(pod);
  const images = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ image }) => image ?? "");
  for (const { image } of spec.volumes ?? []) if (image !== undefined) images.push(image.reference ?? "");
  return images.map((image) =>
    image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image,
  );
}
