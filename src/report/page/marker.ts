const R = 5;

/** A policy's marker around a point: the shapes are those of its mark in the text. */
export function markerOf(style: number, x: number, y: number, fill: string, stroke: string) {
  const look = { style: { fill, stroke, lineWidth: 1.5 } };
  switch (style % 5) {
    case 0:
      return { type: "circle", shape: { cx: x, cy: y, r: R }, ...look };
    case 1:
      return {
        type: "rect",
        shape: { x: x - R + 0.5, y: y - R + 0.5, width: 2 * R - 1, height: 2 * R - 1 },
        ...look,
      };
    case 2:
      return polygon([
        [x, y - R - 0.5],
        [x + R + 0.5, y + R],
        [x - R - 0.5, y + R],
      ]);
    case 3:
      return polygon([
        [x, y - R - 1],
        [x + R + 1, y],
        [x, y + R + 1],
        [x - R - 1, y],
      ]);
    default:
      return polygon([
        [x, y + R + 0.5],
        [x - R - 0.5, y - R],
        [x + R + 0.5, y - R],
      ]);
  }

  function polygon(points: number[][]) {
    return { type: "polygon", shape: { points }, ...look };
  }
}
