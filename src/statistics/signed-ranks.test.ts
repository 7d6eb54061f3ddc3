import { describe, expect, it } from "vitest";
import { signedRanks } from "./signed-ranks.ts";

describe("signedRanks", () => {
  it("shares the mean rank among ties and sets zeros aside", () => {
    // Magnitudes 1, 2, 2, 3: ranks 1, 2.5, 2.5, 4.
    const { n, zeros, doubledRanks, positive, negative } = signedRanks([0, -2, 3, 2, -1, 0]);
    expect({ n, zeros }).toEqual({ n: 4, zeros: 2 });
    expect([...doubledRanks]).toEqual([2, 5, 5, 8]);
    expect({ positive, negative }).toEqual({ positive: 6.5, negative: 3.5 });
  });

  it("refuses what is not a finite number", () => {
    expect(() => signedRanks([1, Number.NaN])).toThrow("not a finite number");
  });
});
