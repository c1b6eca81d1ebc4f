import type { MarkdownRenderer } from 'vitepress';

/** Formulas are drawn as pictures and said as MathML, which MathJax puts beside them: the picture itself says nothing. */
export function readableFormulas({ renderer }: MarkdownRenderer): void {
  for (const name of ['math_inline', 'math_block']) {
    const render = renderer.rules[name];
    if (!render) throw new Error(`formulas are no longer rendered by ${name}`);
    renderer.rules[name] = (...given) => render(...given).replaceAll('role="img"', 'aria-hidden="true"');
  }
}
