import type { Figures } from './figures.ts';
import { publishedFigures, tensorFlowSimilarity, type Spread } from './reference.ts';
import type { HelloWorldResult } from './run.ts';

/** Figures in the order they are shown, with the words for them. */
export const figureNames: readonly (readonly [keyof Figures, string])[] = [
  ['f1', 'f1 on 1,000 calibration images'],
  ['binaryAccuracy', 'binary accuracy, the same'],
  ['precision', 'precision, the same'],
  ['recall', 'recall, the same'],
  ['distance', 'cut-point (cosine distance)'],
  ['firstTenRight', 'first ten test images right'],
  ['testAccuracy', '10,000 test images, nearest label'],
  ['testAccuracySeen', '… of the six trained digits'],
  ['testAccuracyUnseen', '… of the four unseen digits'],
  ['testF1', '10,000 test images, f1 at the cut-point'],
  ['testBinaryAccuracy', '… binary accuracy at the cut-point'],
  ['unseenRecallAt1', 'unseen digits, recall@1'],
  ['unseenMapAtR', 'unseen digits, MAP@R'],
  ['unseenAgainstAllRecallAt1', '… against all test images, recall@1'],
  ['unseenAgainstAllMapAtR', '… against all test images, MAP@R'],
];

/** A row of the comparison: words, ours, and the reference at 300 and at 1,000 steps. */
export interface FigureRow {
  readonly name: string;
  readonly ours: string;
  readonly reference300: string;
  readonly reference1000: string;
}

/** Our figures beside TensorFlow Similarity's, which are means of three seeds with the least and the greatest. */
export function figureRows({ figures }: HelloWorldResult): FigureRow[] {
  return figureNames.map(([key, name]) => ({
    name,
    ours: number(figures[key], key),
    reference300: spread(tensorFlowSimilarity[300][key], key),
    reference1000: spread(tensorFlowSimilarity[1000][key], key),
  }));
}

/**
 * {@link figureRows} as text for a terminal, with what must be said beside them.
 *
 * @example
 * figureTable(await helloWorld({ train, test })); // a heading, a line a figure, and how to read them
 */
export function figureTable(result: HelloWorldResult): string {
  const { recipe, steps, seed, trainSeconds } = result;
  const rows = figureRows(result);
  const wide = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(
    ({ name, ours, reference300, reference1000 }) =>
      `${name.padEnd(wide)}  ${ours.padStart(7)}  ${reference300.padStart(20)}  ${reference1000.padStart(20)}`,
  );
  return [
    `${''.padEnd(wide)}  ${'Simile'.padStart(7)}  ${'TF Similarity'.padStart(20)}  ${'TF Similarity'.padStart(20)}`,
    `${`seed ${seed}`.padEnd(wide)}  ${String(steps).padStart(7)}  ${'300 steps'.padStart(20)}  ${'1,000 steps'.padStart(20)}`,
    ...lines,
    '',
    `Simile: recipe ${recipe.name} (${recipe.about}), loss ${recipe.loss.name}, ${(trainSeconds / steps).toFixed(3)} s a step.`,
    'TF Similarity: mean of three seeds (least – greatest) of its own hello world, recorded on a CPU; its notebook prints',
    `f1 ${publishedFigures.f1}, binary accuracy ${publishedFigures.binaryAccuracy} and ${publishedFigures.firstTenRight} of the first ten after ${publishedFigures.steps.toLocaleString('en')} steps. ${saidBeside(result)}`,
  ].join('\n');
}

/** What a fair reader must be told. */
export function saidBeside({ recipe }: HelloWorldResult): string {
  return recipe.name === 'tensorflow-similarity'
    ? 'Here both train the same model with the same loss, batches and rate.'
    : "The gain is the recipe's, not a library's: TF Similarity given this recipe should gain as well.";
}

function spread({ mean, least, greatest }: Spread, key: keyof Figures): string {
  return `${number(mean, key)} (${number(least, key)}–${number(greatest, key)})`;
}

function number(value: number, key: keyof Figures): string {
  if (key === 'firstTenRight') return Number.isInteger(value) ? String(value) : value.toFixed(1);
  return value.toFixed(3).replace(/^0\./, '.');
}
