import { element, shape } from './element.ts';
import { pairColors } from './marks.ts';

/** What lines and arrows of the drawings mean. */
export function createKey(): HTMLElement {
  const line = (attributes: Record<string, string | number>): SVGSVGElement =>
    shape(
      'svg',
      { viewBox: '0 0 36 16', 'aria-hidden': true },
      shape('path', { d: 'M2 8H34', fill: 'none', 'stroke-width': 3, ...attributes }),
    );
  const entry = (mark: SVGSVGElement, words: string): HTMLElement => element('span', {}, mark, ` ${words}`);
  return element(
    'p',
    { class: 'lab-key' },
    entry(line({ stroke: pairColors.pull }), 'pair that the loss pulls together'),
    entry(line({ stroke: pairColors.push, 'stroke-dasharray': '6 4' }), 'pair that it pushes apart'),
    entry(line({ stroke: 'currentColor', d: 'M2 8H33M27 3L33 8L27 13', 'stroke-width': 1.6 }), 'negative gradient'),
    entry(line({ stroke: 'currentColor', d: 'M13 3L23 13M23 3L13 13' }), 'weight of the loss'),
  );
}
