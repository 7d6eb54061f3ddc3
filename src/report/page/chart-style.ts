import type { Theme } from "./theme.ts";

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export function axisText({ faint }: Theme) {
  return { color: faint, fontFamily: FONT, fontSize: 12 };
}

export function tooltipBox({ ink, line, surface }: Theme) {
  return {
    confine: true,
    transitionDuration: 0,
    backgroundColor: surface,
    borderColor: line,
    textStyle: { color: ink, fontFamily: FONT, fontSize: 13 },
    extraCssText: "box-shadow: 0 2px 10px rgb(0 0 0 / 18%);",
  };
}
