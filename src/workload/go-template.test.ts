import { describe, expect, it } from "vitest";
import { renderGoTemplate } from "./go-template.ts";

const render = (text: string) =>
  renderGoTemplate(text, { Index: 250, Count: 300, class: "gpu", none: undefined });

describe("a Go template", () => {
  it.each([
    ["no action", "no action"],
    ["node-{{.Index}}", "node-250"],
    ["{{ DivideInt .Index 100 }}-{{Mod .Index 7}}", "2-5"],
    ["{{AddInt .Index (MultiplyInt 2 3)}}", "256"],
    ["{{.Index | Mod 1000}}", "0"],
    ["{{$n := or .none 10}}{{$n}}", "10"],
    ["{{.none}}", "<no value>"],
    ['{{if eq .class "gpu"}}a{{else}}b{{end}}', "a"],
    ['{{if eq .class "x"}}a{{else if gt .Index 3}}b{{else}}c{{end}}', "b"],
    ["{{if .none}}a{{if true}}b{{end}}c{{end}}d", "d"],
    ["a\n{{- .Index}}", "a250"],
    ["{{/* said */}}x", "x"],
    ["{{JSON .class}}", '"gpu"'],
  ])("renders %j", (text, rendered) => {
    expect(render(text)).toBe(rendered);
  });

  it.each([
    ["{{range .Index}}{{end}}", "template action range"],
    ["{{printf .Index}}", "template function printf"],
    ["{{DivideInt 1 0}}", "template division by zero"],
    ["{{AddInt .class 1}}", "template argument gpu, which is no number,"],
    ["{{if true}}", "invalid template: if without end"],
    ["{{end}}", "invalid template: end without if"],
  ])("names what it cannot do: %s", (text, message) => {
    expect(() => render(text)).toThrow(message);
  });
});
