import { expect, test } from 'vitest';
import { dark, light } from './palette.ts';

/** Relative luminance of WCAG 2.2, from `#rrggbb`. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2); // the well-known grey just below AA
});

for (const [name, { plain, activeLine, selection, panel, ...tokens }] of Object.entries({ light, dark })) {
  test(`every token can be read on every background, ${name}`, () => {
    const low = Object.entries(tokens).flatMap(([token, color]) =>
      Object.entries({ plain, activeLine, selection, panel })
        .map(([where, background]) => ({ token, where, contrast: contrast(color, background) }))
        .filter((pair) => pair.contrast < 4.5),
    );
    expect(low).toEqual([]);
  });

  test(`a selection can be told from what is not selected, ${name}`, () => {
    expect(contrast(selection, plain)).toBeGreaterThan(1.15);
  });
}
