import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { drawCalibration } from './draw-calibration.ts';
import { drawNeighbors } from './draw-neighbors.ts';
import { reportPage } from './report-page.ts';

const image = { shape: [2, 2], data: new Uint8Array([0, 255, 255, 0]) };
const picture = drawNeighbors(image, 1, [
  { label: '<script>globalThis.run = true</script>', distance: 0.1, data: image },
]);

test('a picture on a page has its size, its images, and texts inside their cards', async () => {
  const element = picture.element();
  document.body.append(element);
  expect(element).toBeInstanceOf(SVGSVGElement);
  expect(element.getBoundingClientRect().width).toBe(picture.width);
  for (const card of element.querySelectorAll(':scope > g')) {
    const room = card.querySelector('rect')!.getBoundingClientRect();
    for (const text of card.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      expect(box.left).toBeGreaterThanOrEqual(room.left);
      expect(box.right).toBeLessThanOrEqual(room.right);
    }
  }
  expect((globalThis as { run?: boolean }).run).toBeUndefined();
  element.remove();
});

test('a page makes a PNG of the same pixels', async () => {
  const png = decode(await picture.toPng({ scale: 1 }));
  expect([png.width, png.height]).toEqual([picture.width, picture.height]);
  // The query's image begins at 12 + 8 pixels and is 112 wide: black, white over white, black.
  const at = (x: number, y: number): number => png.data[(y * png.width + x) * 4]!;
  expect([at(48, 48), at(104, 48), at(48, 104), at(104, 104)]).toEqual([0, 255, 255, 0]);
});

test('a report opens in a frame that allows nothing', async () => {
  const curve = { thresholds: [0.1, 0.2], f1: [0.5, 1] };
  const calibration = drawCalibration({ metric: 'f1', cutpoints: { optimal: { distance: 0.2, value: 1 } }, curve });
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.srcdoc = reportPage({ title: 'Report', sections: [{ heading: 'Look', pictures: [picture, calibration] }] });
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  document.body.append(frame);
  await loaded;
  expect(frame.contentDocument!.querySelectorAll('figure svg')).toHaveLength(2);
  expect(getComputedStyle(frame.contentDocument!.querySelector('h1')!).fontSize).toBe('30.4px'); // 1.9 × 16: its style holds
  frame.remove();
});
