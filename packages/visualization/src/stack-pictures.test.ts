import { expect, test } from 'vitest';
import { parseSvg, textsOf } from '../test/parse-svg.ts';
import { drawNeighbors } from './draw-neighbors.ts';
import { stackPictures } from './stack-pictures.ts';

const narrow = drawNeighbors(null, 'cat', []);
const wide = drawNeighbors(null, 'dog', [{ label: 'dog', distance: 0.1 }, { label: 'cow', distance: 0.2 }]); // prettier-ignore

test('pictures stand under each other, none over another', () => {
  const both = stackPictures([narrow, wide], { title: 'Two' });
  expect(both.width).toBe(wide.width);
  expect(both.height).toBe(40 + narrow.height + wide.height);
  const groups = [...parseSvg(both.svg).children].filter(({ localName }) => localName === 'g');
  expect(groups.map((group) => group.getAttribute('transform'))).toEqual([
    'translate(0 40)',
    `translate(0 ${40 + narrow.height})`,
  ]);
  expect(textsOf(both.svg)[0]).toBe('Two');
  expect(both.description).toBe(`${narrow.description} ${wide.description}`);
});

test('no picture is an error', () => {
  expect(() => stackPictures([])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: stack-pictures: at least one picture is needed, but got 'none'. Draw something first. [ERR_DATA]]`,
  );
});
