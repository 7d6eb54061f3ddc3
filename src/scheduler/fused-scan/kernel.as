// AssemblyScript; compiled by build-kernel.mjs into kernel-bytes.ts. plain-kernel.ts is the same in JavaScript, bit by bit, and
// kernel-block.ts says where everything lies in memory.

const AMOUNTS: usize = 16;
const FIT_CPU: usize = 0;
const FIT_MEMORY: usize = 1;
const FIT_STORAGE: usize = 2;
const CPU: usize = 3;
const MEMORY: usize = 4;
const USED_CPU: usize = 5;
const USED_MEMORY: usize = 6;
const ROOM_CPU: usize = 7;
const ROOM_MEMORY: usize = 8;
const IMBALANCE: usize = 9;
const COLUMNS: usize = 10;

// Added to a whole number it leaves that number, as int32, in the lower half of the double.
const WHOLE: f64 = 6755399441055744;

// @ts-ignore: decorator
@inline
function splat(amount: usize): v128 {
  return v128.load64_splat(amount * 8);
}

// @ts-ignore: decorator
@inline
function at(column: usize, row: usize): v128 {
  return v128.load(column + row);
}

// @ts-ignore: decorator
@inline
function percent(has: v128, room: v128, most: bool): v128 {
  const zero = f64x2.splat(0);
  const free = f64x2.pmax(zero, room);
  const part = most ? f64x2.sub(has, free) : free;
  return f64x2.floor(f64x2.div(f64x2.mul(part, f64x2.splat(100)), has));
}

// @ts-ignore: decorator
@inline
function share(used: v128, has: v128): v128 {
  return f64x2.pmin(f64x2.splat(1), f64x2.div(used, has));
}

// Totals of two rows as doubles whose lower halves are the int32, all ones where the row is rejected.
// @ts-ignore: decorator
@inline
function pair(base: usize, width: usize, row: usize, most: bool): v128 {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const has0 = at(base + CPU * width, row);
  const has1 = at(base + MEMORY * width, row);
  const lacks0 = f64x2.eq(has0, zero);
  const lacks1 = f64x2.eq(has1, zero);

  const rejected = v128.or(
    v128.or(
      f64x2.lt(at(base + FIT_CPU * width, row), splat(0)),
      f64x2.lt(at(base + FIT_MEMORY * width, row), splat(1)),
    ),
    f64x2.lt(at(base + FIT_STORAGE * width, row), splat(2)),
  );

  const percent0 = percent(has0, f64x2.sub(at(base + ROOM_CPU * width, row), splat(3)), most);
  const percent1 = percent(has1, f64x2.sub(at(base + ROOM_MEMORY * width, row), splat(4)), most);
  // A resource that the node has none of leaves the mean: the other one takes its place.
  const left0 = v128.bitselect(v128.andnot(percent1, lacks1), percent0, lacks0);
  const left1 = v128.bitselect(v128.andnot(percent0, lacks0), percent1, lacks1);
  const sum = f64x2.add(f64x2.mul(left0, splat(5)), f64x2.mul(left1, splat(6)));
  const mean = f64x2.floor(f64x2.mul(f64x2.add(sum, f64x2.splat(0.5)), splat(7)));

  const share0 = share(f64x2.add(at(base + USED_CPU * width, row), splat(8)), has0);
  const share1 = share(f64x2.add(at(base + USED_MEMORY * width, row), splat(9)), has1);
  const apart = f64x2.mul(f64x2.abs(f64x2.sub(share0, share1)), f64x2.splat(0.5));
  const after = f64x2.floor(f64x2.mul(f64x2.sub(one, apart), f64x2.splat(100)));
  const gained = f64x2.floor(
    f64x2.mul(f64x2.add(after, at(base + IMBALANCE * width, row)), f64x2.splat(0.5)),
  );
  const even = f64x2.splat(75);
  const balance = v128.bitselect(even, f64x2.add(gained, f64x2.splat(50)), v128.or(lacks0, lacks1));

  const total = f64x2.add(f64x2.mul(mean, splat(10)), f64x2.mul(balance, splat(11)));
  return v128.or(f64x2.add(total, f64x2.splat(WHOLE)), rejected);
}

// @ts-ignore: decorator
@inline
function scan(capacity: usize, from: usize, size: usize, into: usize, masked: bool, most: bool): i32 {
  const base = AMOUNTS * 8;
  const width = capacity * 8;
  const mask = base + COLUMNS * width + from * 4;
  const out = base + COLUMNS * width + capacity * 4 + into * 4;
  let rejected = i32x4.splat(0);
  for (let i: usize = 0; i < size; i += 4) {
    const row = (from + i) * 8;
    const first = pair(base, width, row, most);
    const second = pair(base, width, row + 16, most);
    let totals = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
    if (masked) totals = v128.or(totals, v128.load(mask + i * 4));
    v128.store(out + i * 4, totals);
    rejected = i32x4.sub(rejected, i32x4.shr_s(totals, 31));
  }
  let count = i32x4.extract_lane(rejected, 0) + i32x4.extract_lane(rejected, 1);
  count += i32x4.extract_lane(rejected, 2) + i32x4.extract_lane(rejected, 3);
  // Rows behind the last one were looked at as well.
  for (let i = size; (i & 3) !== 0; i++) count -= i32(load<i32>(out + i * 4) < 0);
  return i32(size) - count;
}

export function least(capacity: usize, from: usize, size: usize, into: usize, masked: bool): i32 {
  return scan(capacity, from, size, into, masked, false);
}

export function most(capacity: usize, from: usize, size: usize, into: usize, masked: bool): i32 {
  return scan(capacity, from, size, into, masked, true);
}

// The greatest of the first totals; those behind them, up to a multiple of four, are made -1.
export function best(capacity: usize, length: usize): i32 {
  const out = AMOUNTS * 8 + COLUMNS * capacity * 8 + capacity * 4;
  for (let i = length; (i & 3) !== 0; i++) store<i32>(out + i * 4, -1);
  let most = i32x4.splat(-1);
  for (let i: usize = 0; i < length; i += 4) most = i32x4.max_s(most, v128.load(out + i * 4));
  const a = max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1));
  return max(a, max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)));
}

// Where the best are: places among the totals, and ranks among those that are not rejected. After `best`.
export function ties(capacity: usize, length: usize, best: i32): i32 {
  const out = AMOUNTS * 8 + COLUMNS * capacity * 8 + capacity * 4;
  const places = out + capacity * 4;
  const ranks = places + capacity * 4;
  const wanted = i32x4.splat(best);
  let count: usize = 0;
  let rank: i32 = 0;
  for (let i: usize = 0; i < length; i += 4) {
    const totals = v128.load(out + i * 4);
    const rejected = i32x4.bitmask(totals);
    let equal = i32x4.bitmask(i32x4.eq(totals, wanted));
    while (equal !== 0) {
      const bit = ctz(equal);
      store<i32>(places + count * 4, i32(i) + bit);
      store<i32>(ranks + count * 4, rank + bit - popcnt(rejected & ((1 << bit) - 1)));
      count++;
      equal &= equal - 1;
    }
    rank += 4 - popcnt(rejected);
  }
  return i32(count);
}
