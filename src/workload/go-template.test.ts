import { describe, expect, it } from "vitest";
import { compileGoTemplate } from "./go-template.ts";

const render = (text: string) =>
  compileGoTemplate(text).render({
    Index: 250,
    Count: 300,
    class: "gpu",
    none: undefined,
    list: ["a", "b"],
    map: { k: 1, j: 2 },
  });

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
    ["{{JSON (or .none nil)}}", "null"],
    ["{{JSON .map}}", '{"k":1,"j":2}'],
    ["a {{- 1 -}} b", "a1b"],
    ["{{-3}}", "-3"],
    ["{{AddInt 1 2 3}}", "6"],
    ["{{MultiplyInt 2.5 3}}", "7"],
    ["{{range 3}}<{{.}}>{{end}}", "<0><1><2>"],
    ["{{range $i := (3 | Int)}}{{$i}}{{end}}", "012"],
    ["{{range $i, $x := .list}}{{$i}}{{$x}}{{end}}", "0a1b"],
    ["{{range $k, $v := .map}}{{$k}}{{$v}}{{end}}", "j2k1"],
    ["{{range .none}}a{{else}}b{{end}}", "b"],
    ["{{range 5}}{{if eq . 3}}{{break}}{{end}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{end}}", "02"],
    ["{{range 2}}{{$.class}}{{end}}", "gpugpu"],
    ["{{with .map}}{{.k}}{{else}}b{{end}}", "1"],
    ["{{with .none}}a{{else with .class}}{{.}}{{end}}", "gpu"],
    ["{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{end}}{{$x}}", "2"],
    ['{{printf "%04d %-4s|%.1f%% %q %v" .Index .class 2.25 "x" .list}}', '0250 gpu |2.3% "x" [a b]'],
    ["{{len .list}} {{index .list 1}} {{index .map `k`}}", "2 b 1"],
    ['{{"a \\"b\\""}}', 'a "b"'],
    ["{{and .class .Index}} {{or .none .class}} {{not .none}}", "250 gpu true"],
  ])("renders %j", (text, rendered) => {
    expect(render(text)).toBe(rendered);
  });

  it.each([
    ['{{define "x"}}{{end}}', "template action define"],
    ["{{Sprig .Index}}", "template function Sprig"],
    ['{{printf "%d"}}', "template format %d without a value"],
    ["{{$y}}", "template variable $y, which is not declared,"],
    ["{{range .class}}{{end}}", "template range over gpu"],
    ["{{break}}", "invalid template: break outside of range"],
    ["{{DivideInt 1 0}}", "template division by zero"],
    ["{{AddInt .class 1}}", "template argument gpu, which is no number,"],
    ["{{if true}}", "invalid template: if without end"],
    ["{{end}}", "invalid template: end without if"],
  ])("names what it cannot do: %s", (text, message) => {
    expect(() => render(text)).toThrow(message);
  });
});
