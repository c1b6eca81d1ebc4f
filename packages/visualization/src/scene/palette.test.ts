import { expect, test } from 'vitest';
import { dark, light } from './palette.ts';

/** Contrast of two colours by WCAG 2.2: from 1 to 21. */
function contrast(a: string, b: string): number {
  const [high, low] = [a, b].map(luminance).sort((one, other) => other - one);
  return (high! + 0.05) / (low! + 0.05);
}

function half(a: string, b: string): string {
  const mean = (at: number): number =>
    (Number.parseInt(a.slice(at, at + 2), 16) + Number.parseInt(b.slice(at, at + 2), 16)) / 2;
  return `#${[1, 3, 5].map((at) => Math.round(mean(at)).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

test('contrast is counted as WCAG counts it', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

test.each([
  ['light', light],
  ['dark', dark],
])('every text of a %s picture can be read on its ground and cards', (_, palette) => {
  for (const text of ['ink', 'faint', 'right', 'wrong', 'unknown'] as const) {
    for (const ground of ['ground', 'card'] as const) {
      expect(contrast(palette[text], palette[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  }
  for (const fill of ['right', 'wrong', 'unknown'] as const) {
    // The strongest cell of a confusion matrix: half colour, half card.
    expect(contrast(palette.ink, half(palette[fill], palette.card)), `on ${fill}`).toBeGreaterThanOrEqual(4.5);
  }
});
