import { shape } from './element.ts';

const width = 160;
const height = 36;

/** The last values of a loss as a small curve. */
export function drawTrace(values: readonly number[]): SVGSVGElement {
  const shown = values.slice(-200);
  const least = Math.min(...shown);
  const spread = Math.max(...shown) - least || 1;
  const at = shown.map((value, i) => {
    const x = (i / Math.max(1, shown.length - 1)) * width;
    const y = height - 2 - ((value - least) / spread) * (height - 4);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return shape(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Loss so far' },
    shape('path', {
      d: at.length > 1 ? `M${at.join('L')}` : '',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.5,
    }),
  );
}
