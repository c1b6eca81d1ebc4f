import { element } from '../loss-lab/element.ts';
import type { Shown, ShownPicture, ShownTable } from '../sandbox/index.ts';

/** A part of a line as elements. Whatever a program gives is text or an image here, never markup. */
export function shownView(shown: Shown): HTMLElement {
  if (shown.kind === 'table') return tableView(shown);
  if (shown.kind === 'picture') return pictureView(shown);
  return element('span', { class: `play-${shown.kind}` }, shown.text);
}

function tableView({ caption, columns, rows, more }: ShownTable): HTMLElement {
  const cells = (kind: 'th' | 'td', texts: readonly string[]): HTMLElement[] =>
    texts.map((text, at) =>
      at === 0 ? element('th', { scope: 'row' }, text) : element(kind, kind === 'th' ? { scope: 'col' } : {}, text),
    );
  const table = element(
    'table',
    {},
    element('caption', {}, more ? `${caption} · ${more}` : caption),
    element('thead', {}, element('tr', {}, element('td'), ...cells('th', columns).slice(1))),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells('td', row)))),
  );
  return element('div', { class: 'play-table', tabindex: '0', role: 'region', 'aria-label': caption }, table);
}

function pictureView({ svg, title, description, width, height }: ShownPicture): HTMLElement {
  const address = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  const image = element('img', { src: address, alt: `${title}. ${description}`, width, height });
  const name = `${title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.svg`;
  const save = element('a', { href: address, download: name, class: 'play-save' }, 'Save SVG');
  return element('figure', { class: 'play-picture' }, image, save);
}
