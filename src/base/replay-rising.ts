/**
 * What a binary heap as Go's container/heap keeps it looks like after pushes in rising order with pops among them. Positions
 * number what was pushed, from 0; the greater position is the greater item, so that no other key is needed: a push stays where it
 * is appended, and a pop always takes the least position.
 *
 * `layout` (positions by place) holds `settled` of them, 0 to `settled` - 1, and is brought up to date in place; it needs room for
 * `tail`. `popsBefore` tells of each position from `settled` to `tail` - 1 how many pops came before it; `pops` came in all, and
 * never all that was there.
 */
export function replayRising(
  layout: Int32Array,
  settled: number,
  popsBefore: Int32Array,
  tail: number,
  pops: number,
): void {
  let size = settled;
  let popped = 0;
  for (let position = settled; position < tail; position++) {
    for (const before = popsBefore[position]; popped < before; popped++) popLeast(layout, size--);
    layout[size++] = position;
  }
  for (; popped < pops; popped++) popLeast(layout, size--);
}

/**
 * The hole at the root sinks to a leaf and the last item rises from there: where no two are equal that ends as swapping and sinking
 * does, for one comparison a level instead of two.
 */
function popLeast(layout: Int32Array, size: number): void {
  const end = size - 1;
  const last = layout[end];
  let hole = 0;
  let child = 1;
  while (child + 1 < end) {
    child += Number(layout[child + 1] < layout[child]);
    layout[hole] = layout[child];
    hole = child;
    child = 2 * hole + 1;
  }
  if (child < end) {
    layout[hole] = layout[child];
    hole = child;
  }
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (layout[parent] < last) break;
    layout[hole] = layout[parent];
    hole = parent;
  }
  layout[hole] = last;
}
