/** How many colours there are beside the baseline's. */
const COLOURS = 7;

/** A style's colour: 0 for the baseline, then 1 to 7, and again for more policies, which markers and dashes tell apart. */
export function colourOf(style: number): number {
  return style === 0 ? 0 : 1 + ((style - 1) % COLOURS);
}
