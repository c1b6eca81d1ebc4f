import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { drawCurve } from './draw-curve.ts';
import { reportPage } from './report-page.ts';

const page = reportPage({
  title: 'Run <7>',
  summary: 'A summary & more.',
  sections: [
    { heading: 'Loss', text: ['One.', 'Two.'], pictures: [drawCurve([0.9, 0.5]), drawCurve([0.3, 0.2])] },
    {
      heading: 'Figures',
      table: { columns: ['figure', 'ours'], rows: [['f1', 0.9], ['<script>x</script>', 'y']], caption: 'Of 1,000.' }, // prettier-ignore
      code: 'Backend wasm\n  <b>',
    },
  ],
});
const { document } = parseHTML(page);

test('sections, pictures, tables and logs stand in the order they were given', () => {
  expect([...document.querySelectorAll('h1, h2')].map((heading) => heading.textContent)).toEqual([
    'Run <7>',
    'Loss',
    'Figures',
  ]);
  expect(document.querySelectorAll('section:first-of-type figure svg')).toHaveLength(2);
  const cells = [...document.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent));
  expect(cells).toEqual([
    ['figure', 'ours'],
    ['f1', '0.9'],
    ['<script>x</script>', 'y'],
  ]);
  expect(document.querySelector('pre')!.textContent).toBe('Backend wasm\n  <b>');
});

test('it needs no script and no other host, and says so to the browser', () => {
  expect(document.querySelectorAll('script, link, iframe, img')).toHaveLength(0);
  expect(document.querySelector('meta[http-equiv]')!.getAttribute('content')).toMatch(/^default-src 'none'/);
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
});

test('an option that is not known is refused', () => {
  const options = { title: 'a', sections: [], footer: 'b' };
  expect(() => reportPage(options)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: report-page: options are title, summary, sections, language, but got 'footer'. Check the spelling. [ERR_OPTION]]`,
  );
});
