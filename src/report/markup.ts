/** A piece of HTML. Only `markup` makes one from text, so that what users named cannot become a tag. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

export type Content = Markup | string | number | undefined | readonly Content[];

/** A template of HTML in which every value is escaped, in text and in quoted attributes, unless it is markup itself. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((html, part, i) => html + written(values[i - 1]) + part));
}

/**
 * Code for a `script` or `style` element, whose content ends at the first closing tag and cannot be escaped as text can: the
 * backslash changes nothing within a string or a regular expression, where alone these characters occur.
 */
export function inlined(code: string): Markup {
  return new Markup(code.replace(/<(?=\/(?:script|style)|!--)/gi, "\\x3c"));
}

/** A value for `<script type="application/json">`. */
export function inlinedJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll("<", "\\u003c"));
}

function written(value: Content): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.html;
  if (typeof value === "object") return value.map(written).join("");
  return String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
