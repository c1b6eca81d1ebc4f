import { formatBackendReport } from '@simile/core/backend';
import { sliceItems, type LabelledItems } from '@simile/core/items';
import { writeBytes } from '@simile/core/storage';
import { confusionMatrix } from '@simile/metrics';
import {
  drawCalibration,
  drawConfusionMatrix,
  drawCurve,
  drawNeighbors,
  reportPage,
  stackPictures,
  type Picture,
} from '@simile/visualization';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digitOrder, unseenDigits } from '../hello-world/classes.ts';
import { figureRows, saidBeside } from '../hello-world/figure-table.ts';
import { searchLine } from '../hello-world/search-line.ts';
import type { HelloWorldResult } from '../hello-world/run.ts';

/** Where a report was written. */
export interface ReportFiles {
  readonly page: string;
  readonly figures: string;
  readonly model: string;
  readonly strips: string;
}

/** Writes page, figures, neighbour strips and model of a hello world into a folder, which is made if it is missing. */
export async function writeReport(
  result: HelloWorldResult,
  test: LabelledItems<Uint8Array>,
  folder: string,
): Promise<ReportFiles> {
  await mkdir(folder, { recursive: true });
  const strips = await neighborStrips(result, test);
  const { model, figures, search, seed, steps, seconds, trainSeconds, recipe, backend, history } = result;
  const files = {
    page: join(folder, 'index.html'),
    figures: join(folder, 'figures.json'),
    model: join(folder, 'model.simile'),
    strips: join(folder, 'neighbors.svg'),
  };
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const record = {
    recipe: recipe.name,
    seed,
    steps,
    cancelled: history.cancelled,
    seconds,
    trainSeconds,
    backend,
    figures,
    search,
  };
  await writeBytes(files.figures, text(`${JSON.stringify(record, undefined, 2)}\n`));
  await writeBytes(files.strips, text(strips.svg));
  await model.save(files.model);
  await writeBytes(files.page, text(page(result, strips)));
  return files;
}

/** Neighbours of the first test image of each digit, the trained ones first. */
async function neighborStrips(result: HelloWorldResult, test: LabelledItems<Uint8Array>): Promise<Picture> {
  const strips = [];
  for (const digit of digitOrder.filter((each) => test.labels.includes(each))) {
    const row = test.labels.indexOf(digit);
    const query = sliceItems(test.x, row, row + 1);
    const [match] = await result.model.match(query, { cutpoint: 'optimal' });
    const neighbors = await result.model.singleLookup(query, { k: 8 });
    const title = `A test ${digit}${unseenDigits.includes(digit) ? ', a digit never trained on' : ''}`;
    strips.push(drawNeighbors(query, digit, neighbors, { match: match!, title }));
  }
  return stackPictures(strips, { title: 'Test digits and their nearest neighbours among the 200 indexed images' });
}

function page(result: HelloWorldResult, strips: Picture): string {
  const { seed, steps, seconds, trainSeconds, recipe, history, backend, calibration, search, test } = result;
  const matrix = confusionMatrix(test.labels, test.matched, [...digitOrder]);
  return reportPage({
    title: 'Simile hello world: MNIST',
    summary:
      `Trained on ${digitOrder.length - unseenDigits.length} of the ten digits for ${steps} steps ` +
      `(seed ${seed}, ${trainSeconds.toFixed(0)} s of ${seconds.toFixed(0)} s in all)${history.cancelled ? ', ended early' : ''}. ` +
      `${unseenDigits.slice(0, -1).join(', ')} and ${unseenDigits.at(-1)} were never trained on: they are known from 20 indexed images each.`,
    sections: [
      {
        heading: 'Neighbours',
        pictures: [strips],
      },
      {
        heading: 'Figures',
        text: [
          `Recipe ${recipe.name}: ${recipe.about}. ${saidBeside(result)}`,
          'TensorFlow Similarity: mean of three seeds (least – greatest) of its own hello world at 300 and at 1,000 steps.',
        ],
        table: {
          columns: ['', `Simile, ${steps} steps`, 'TF Similarity, 300 steps', 'TF Similarity, 1,000 steps'],
          rows: figureRows(result).map(({ name, ours, reference300, reference1000 }) => [
            name,
            ours,
            reference300,
            reference1000,
          ]),
        },
      },
      {
        heading: 'When is an answer good enough?',
        text: 'Up to which distance a nearest neighbour is believed, found on 1,000 training images that are not in the index.',
        pictures: [drawCalibration(calibration)],
      },
      {
        heading: 'What was taken for what',
        text: '10,000 test images against the 200 indexed ones; beyond the cut-point a digit is unknown. The last four rows were never trained on.',
        pictures: [drawConfusionMatrix(matrix)],
      },
      { heading: 'Index', text: searchLine(search) },
      { heading: 'Training', pictures: [drawCurve(history.losses, { title: 'Multi-similarity loss' })] },
      { heading: 'Backend', code: formatBackendReport(backend) },
    ],
  });
}
