import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonBreak, type JsonSlice, JsonSlicer } from "./json-slicer.ts";

function cut(
  text: string,
  chunkSize = text.length + 1,
): { slices: JsonSlice[]; stop: JsonBreak | undefined } {
  const slices: JsonSlice[] = [];
  const slicer = new JsonSlicer((slice) => slices.push(slice));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkSize) slicer.write(bytes.subarray(at, at + chunkSize));
  return { slices, stop: slicer.end() };
}

describe("JsonSlicer", () => {
  it("cuts a list into its items and what is around them", () => {
    const { slices, stop } = cut(
      '{"kind": "PodList",\n "items": [\n  {"a": "}"},\n  {"b": []}\n ], "metadata": {}}\n',
    );
    expect(stop).toBeUndefined();
    expect(slices).toEqual([
      { text: '{"a": "}"}', line: 3, column: 3, index: 0, listKind: "PodList" },
      { text: '{"b": []}', line: 4, column: 3, index: 1, listKind: "PodList" },
      {
        text: '{"kind": "PodList",\n "items": [], "metadata": {}}',
        line: 1,
        column: 1,
        index: undefined,
        listKind: "",
      },
    ]);
  });

  it("hands over an object, several in a row, and the objects of an array", () => {
    const texts = (input: string) => cut(input).slices.map(({ text, index }) => [text, index]);
    expect(texts('{"kind": "Pod"}')).toEqual([['{"kind": "Pod"}', undefined]]);
    expect(texts('{"a":1}\n{"a":2}')).toEqual([
      ['{"a":1}', undefined],
      ['{"a":2}', undefined],
    ]);
    expect(texts('[{"a":1}, {"a":2}]')).toEqual([
      ['{"a":1}', 0],
      ['{"a":2}', 1],
    ]);
  });

  it("leaves items that are deeper alone", () => {
    const text = '{"spec": {"items": [{"a": 1}]}}';
    expect(cut(text).slices.map((slice) => slice.text)).toEqual([text]);
  });

  it.each([
    [
      '{"items": [{"a": 1}, {"b"',
      "invalid JSON: the file ends inside or after item 1; it was cut off, write it again",
    ],
    [
      '{"items": [{"a": 1}',
      "invalid JSON: the file ends inside or after item 1; it was cut off, write it again",
    ],
    ['{"kind": "Pod"', "invalid JSON: the file ends inside an object; it was cut off, write it again"],
    ['{"items": [{"a": 1} {"b": 2}]}', "invalid JSON: items are separated by one comma"],
    ['{"items": [{"a": 1},]}', "invalid JSON: a comma after the last item"],
    ['{"items": [1]}', "invalid JSON: something other than an object"],
    ["[[{}]]", "invalid JSON: a list among the items"],
    ["{}}", "invalid JSON: a closing bracket that nothing opened"],
  ])("stops at %s", (text, what) => {
    expect(cut(text).stop?.what).toBe(what);
  });

  it("always cuts alike, wherever the chunks end", () => {
    const item = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => ({ kind: "Pod", value }));
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 4 }),
        fc.constantFrom(undefined, 2),
        fc.integer({ min: 1, max: 40 }),
        (items, indent, chunkSize) => {
          const text = JSON.stringify({ apiVersion: "v1", items, kind: "List" }, undefined, indent);
          const { slices, stop } = cut(text, chunkSize);
          expect(stop).toBeUndefined();
          expect(slices).toEqual(cut(text).slices);
          const expected = JSON.parse(text) as { items: unknown[] };
          expect(slices.slice(0, -1).map((slice): unknown => JSON.parse(slice.text))).toEqual(expected.items);
        },
      ),
    );
  });
});
