import {
  drawCalibration,
  drawConfusionMatrix,
  drawNeighbors,
  stackPictures,
  type Picture,
} from '@simile/visualization';
import type { Remote } from 'comlink';
import type { Digit, Job } from './job.ts';
import { byId, say } from './page.ts';
import { unseenDigits } from 'simile/hello-world';

/** Section 3: indexes, calibrates, and shows neighbours of one test digit of every class. */
export async function showResults(job: Remote<Job>, digits: readonly Digit[]): Promise<void> {
  byId('index-section', HTMLElement).hidden = false;
  const count = byId('queries', HTMLInputElement).valueAsNumber;
  say('index-status', `Indexing 200 images of all ten digits, calibrating on ${count} others …`);
  const { size, dimension, calibration, confusion, accuracy } = await job.index(count);
  const { optimal } = calibration.cutpoints;
  const f1 = optimal.value.toFixed(3);
  say(
    'index-status',
    `${size} images in the index, ${dimension} numbers each. Calibrated: f1 ${f1}, a match is believed up to distance ` +
      `${optimal.distance.toFixed(3)}. Of ${count} test digits ${(100 * accuracy).toFixed(1)} % are nearest to their own class.`,
  );
  const strips: Picture[] = [];
  for (const label of new Set(digits.map((digit) => digit.label))) {
    const digit = digits.find((each) => each.label === label)!;
    const match = await job.search(digit.pixels, 5);
    const title = unseenDigits.includes(label) ? `${label}: never trained on` : `${label}: trained on`;
    strips.push(drawNeighbors(imageOf(digit.pixels), label, match.neighbors, { title, match, imageSize: 84 }));
  }
  show('strips', stackPictures(strips, { title: 'A test digit of each class, and its neighbours' }));
  show('calibration', drawCalibration(calibration));
  show('confusion', drawConfusionMatrix(confusion, { title: `${count} test digits at the optimal cut-point` }));
}

export function show(id: string, picture: Picture): void {
  byId(id, HTMLElement).replaceChildren(picture.element());
}

export function imageOf(pixels: Uint8Array): { shape: number[]; data: Uint8Array } {
  return { shape: [28, 28, 1], data: pixels };
}
