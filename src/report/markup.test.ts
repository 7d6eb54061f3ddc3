import { describe, expect, it } from "vitest";
import { inlined, inlinedJson, markup } from "./markup.ts";

describe("markup", () => {
  it("escapes every value, in text and in attributes", () => {
    const name = `<img src=x onerror="alert('1')">&`;
    expect(markup`<b title="${name}">${name}</b>`.html).toBe(
      '<b title="&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;">&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;</b>',
    );
  });

  it("takes markup, lists and nothing as they are", () => {
    expect(markup`<ul>${[1, 2].map((n) => markup`<li>${n}</li>`)}${undefined}</ul>`.html).toBe(
      "<ul><li>1</li><li>2</li></ul>",
    );
  });

  it("keeps embedded code and figures from ending their element", () => {
    expect(inlined('a = "</script>"; b = "<!--"').html).toBe('a = "\\x3c/script>"; b = "\\x3c!--"');
    expect(inlinedJson({ name: "</script><script>" }).html).toBe('{"name":"\\u003c/script>\\u003cscript>"}');
  });
});
