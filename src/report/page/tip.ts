/** A tooltip as elements, never as text of HTML: names come from users. */
export function tip(heading: string, rows: readonly TipRow[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "tip";
  box.append(element("strong", heading));
  const table = document.createElement("table");
  for (const { colour, name, value, rest } of rows) {
    const row = document.createElement("tr");
    const swatch = element("td", "");
    if (colour !== undefined) {
      const mark = element("i", "");
      mark.style.background = colour;
      swatch.append(mark);
    }
    row.append(swatch, element("td", name), element("td", value), element("td", rest));
    table.append(row);
  }
  box.append(table);
  return box;
}

export interface TipRow {
  readonly colour?: string;
  readonly name: string;
  readonly value: string;
  readonly rest: string;
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text: string,
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
