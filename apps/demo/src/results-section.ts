import { drawNeighbors, stackPictures, type Picture } from '@simile/visualization';
import type { Remote } from 'comlink';
import { unseenDigits } from 'simile/hello-world';
import type { Job } from './job.ts';
import type { Digit, Indexed } from './job-contract.ts';
import { byId, say } from './page.ts';
import { distanceText } from './distance-text.ts';

/** What came of indexing and calibrating, in a sentence, and the neighbours of a test digit of each class. */
export async function showResults(
  job: Remote<Job>,
  { size, dimension, calibration, tried }: Indexed,
  digits: readonly Digit[],
): Promise<void> {
  const { optimal } = calibration.cutpoints;
  const right = tried.truth.filter((label, i) => label === tried.label[i]).length;
  const accuracy = `${((100 * right) / tried.truth.length).toFixed(1)} %`;
  say(
    'index-status',
    `${size} images in the index, ${dimension} numbers each. Of ${tried.truth.length} test digits ${accuracy} are nearest to their own ` +
      `class. The bars show how far they are: those that are right, and those that are wrong. Beyond the distance you ` +
      `choose, a digit is called unknown; F1 is best at ${distanceText(optimal.distance)}.`,
  );
  const strips: Picture[] = [];
  for (const label of new Set(digits.map((digit) => digit.label))) {
    const digit = digits.find((each) => each.label === label)!;
    const match = await job.search(digit.pixels, { k: 5, distance: optimal.distance });
    const title = unseenDigits.includes(label) ? `${label}: never seen` : `${label}: trained on`;
    strips.push(drawNeighbors(imageOf(digit.pixels), label, match.neighbors, { title, match, imageSize: 72 }));
  }
  show('strips', stackPictures(strips, { title: 'A test digit of each class, and its neighbours' }));
}

export function show(id: string, picture: Picture): void {
  byId(id, HTMLElement).replaceChildren(picture.element());
}

export function imageOf(pixels: Uint8Array): { shape: number[]; data: Uint8Array } {
  return { shape: [28, 28, 1], data: pixels };
}
