import { checkNames } from '@simile/core/errors';
import type { Picture } from './picture.ts';
import { escapeMarkup } from './scene/text.ts';

/** Rows of text or numbers under headings. */
export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** A line under the table. */
  readonly caption?: string;
}

/** Part of a report; what is there is shown in this order. */
export interface ReportSection {
  readonly heading: string;
  /** Paragraphs. */
  readonly text?: string | readonly string[];
  readonly table?: ReportTable;
  readonly pictures?: readonly Picture[];
  /** Text of a terminal, as it is: a log, a backend report. */
  readonly code?: string;
}

/** Options of {@link reportPage}. */
export interface ReportPageOptions {
  /** Heading of the page, and its name in a browser. */
  readonly title: string;
  /** A sentence or two under the title. Default none. */
  readonly summary?: string;
  /** Parts of the page, in their order. */
  readonly sections: readonly ReportSection[];
  /** Language of the texts, a BCP 47 tag. Default `en`. */
  readonly language?: string;
}

/**
 * Pictures, tables and texts as one HTML page: no script, no address outside itself, whatever the texts hold, so it opens
 * from a disk, an e-mail or a strict server, now and in years. Follows the reader's light or dark, and prints.
 *
 * @throws `ERR_OPTION` for an unknown option
 * @example
 * const page = reportPage({ title: 'Run 7', sections: [{ heading: 'Loss', pictures: [drawCurve([0.9, 0.5, 0.3])] }] });
 * page.startsWith('<!doctype html>'); // true
 */
export function reportPage(options: ReportPageOptions): string {
  const { title, summary, sections, language = 'en' } = options;
  checkNames('report-page', options, ['title', 'summary', 'sections', 'language']);
  return [
    `<!doctype html><html lang="${escapeMarkup(language)}"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
    `<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escapeMarkup(title)}</h1>`,
    summary ? `<p class="summary">${escapeMarkup(summary)}</p>` : '',
    ...sections.map(section),
    '</main></body></html>\n',
  ].join('\n');
}

function section({ heading, text = [], table, pictures = [], code }: ReportSection): string {
  const paragraphs = typeof text === 'string' ? [text] : text;
  return [
    `<section><h2>${escapeMarkup(heading)}</h2>`,
    ...paragraphs.map((paragraph) => `<p>${escapeMarkup(paragraph)}</p>`),
    table ? tableOf(table) : '',
    ...pictures.map(({ html }) => html),
    code ? `<pre tabindex="0">${escapeMarkup(code)}</pre>` : '',
    '</section>',
  ].join('\n');
}

function tableOf({ columns, rows, caption }: ReportTable): string {
  const head = columns.map((column) => `<th scope="col">${escapeMarkup(column)}</th>`).join('');
  const body = rows.map(([first = '', ...others]) => {
    const cells = others.map((cell) => `<td>${escapeMarkup(String(cell))}</td>`).join('');
    return `<tr><th scope="row">${escapeMarkup(String(first))}</th>${cells}</tr>`;
  });
  const note = caption ? `<caption>${escapeMarkup(caption)}</caption>` : '';
  return `<div class="table" tabindex="0"><table>${note}<thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

const STYLE = [
  ':root{--ground:#fff;--ink:#1b2330;--faint:#56616f;--grid:#dde3ea;--card:#f3f5f8}',
  '@media screen and (prefers-color-scheme:dark){:root{--ground:#11161d;--ink:#e8edf3;--faint:#a3b1c0;--grid:#2c3743;--card:#1c242e}}',
  'body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 Inter,system-ui,sans-serif}',
  'main{max-width:64rem;margin:0 auto;padding:2rem 1.25rem 4rem}',
  'h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.25rem;margin:2.5rem 0 .75rem}',
  '.summary{font-size:1.1rem;color:var(--faint);max-width:46rem}p{max-width:46rem}',
  'figure{margin:1rem 0}figcaption{color:var(--faint);font-size:.875rem}',
  '.table{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}',
  'caption{caption-side:bottom;text-align:left;color:var(--faint);font-size:.875rem;padding-top:.5rem}',
  'th,td{padding:.4rem .9rem;text-align:right;border-bottom:1px solid var(--grid)}th:first-child{text-align:left;padding-left:0}',
  'tbody th{font-weight:400}pre{background:var(--card);padding:1rem;border-radius:8px;overflow-x:auto;font-size:.875rem}',
  '@media print{figure,tr{break-inside:avoid}h2{break-after:avoid}main{padding:0;max-width:none}}',
].join('');
