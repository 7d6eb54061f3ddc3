import { type Content, Markup, markup } from "./markup.ts";
import type { PagePolicy } from "./page-data.ts";
import { colourOf } from "./policy-colour.ts";

/** Shapes of the markers by a policy's style, in a box of 12 by 12: colours alone do not tell policies apart for everyone. */
const shapes = [
  '<circle cx="6" cy="6" r="4.2"/>',
  '<rect x="2" y="2" width="8" height="8"/>',
  '<path d="M6 1.2 11 10H1z"/>',
  '<path d="M6 .8 11.2 6 6 11.2.8 6z"/>',
  '<path d="M6 10.8 1 2h10z"/>',
];

/** A policy's name with its marker. */
export function policyMark({ name, style }: PagePolicy): Markup {
  return markup`<span class="policy ${policyClass(style)}">${marker(style)}${name}${baselineTag(style)}</span>`;
}

/** A button that shows and hides a policy in every chart. */
export function policyButton({ name, style }: PagePolicy, place: number): Markup {
  return markup`<button type="button" class="policy ${policyClass(style)}" aria-pressed="true" data-policy="${place}">${marker(style)}${name}${baselineTag(style)}</button>`;
}

function baselineTag(style: number): Content {
  return style === 0 ? markup` <small>baseline</small>` : undefined;
}

function marker(style: number): Markup {
  return new Markup(
    `<svg class="marker" viewBox="0 0 12 12" aria-hidden="true">${shapes[style % shapes.length]}</svg>`,
  );
}

/** The class that gives an element its policy's colour. */
export function policyClass(style: number): string {
  return `c${colourOf(style)}`;
}
