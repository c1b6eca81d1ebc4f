import type { Calibration } from '@simile/metrics';
import { drawConfusionMatrix } from '@simile/visualization';
import { confusionMatrix } from '@simile/metrics';
import { digitOrder } from 'simile/hello-world';
import type { Indexed, Tried } from './job-contract.ts';
import { newestOnly } from './newest-only.ts';
import { byId, make } from './page.ts';
import { takenAt, valuesAt } from './threshold.ts';
import { thresholdChart } from './threshold-chart.ts';
import { distanceText } from './distance-text.ts';

/** The distance up to which matches are believed. */
export interface ThresholdSection {
  readonly distance: number;
  /** After indexing: begins at the best F1. */
  open(indexed: Indexed): void;
}

/** @param changed Called when the distance is another. */
export function thresholdSection(changed: () => void): ThresholdSection {
  const slider = byId('threshold', HTMLInputElement);
  const chart = byId('threshold-chart', HTMLElement);
  let now: { calibration: Calibration; tried: Tried; most: number } | undefined;
  let distance = 0;

  const drawConfusion = newestOnly<void>(async () => {
    const { tried } = now!;
    const matrix = confusionMatrix(tried.truth, takenAt(tried, distance), digitOrder);
    const title = `${tried.truth.length} test digits, believed up to ${distanceText(distance)}`;
    byId('confusion', HTMLElement).replaceChildren(drawConfusionMatrix(matrix, { title }).element());
  }, 150);
  const show = (): void => {
    if (!now || chart.clientWidth === 0) return;
    const { calibration, tried, most } = now;
    chart.replaceChildren(thresholdChart({ calibration, tried, distance, most, width: chart.clientWidth }));
    const { precision, recall, f1 } = valuesAt(calibration, distance);
    const unknown = takenAt(tried, distance).filter((label) => label === null).length;
    const figure = (id: string, text: string, ...more: Node[]): void =>
      byId(id, HTMLElement).replaceChildren(text, ...more);
    figure('at-distance', distanceText(distance));
    figure('at-precision', precision === undefined ? '–' : percent(precision));
    figure('at-recall', percent(recall));
    figure('at-f1', f1.toFixed(3));
    figure('at-unknown', `${unknown}`, make('small', { textContent: ` of ${tried.truth.length} tests` }));
    const spoken = `${distanceText(distance)}: precision ${precision === undefined ? 'none' : percent(precision)}, recall ${percent(recall)}`;
    slider.setAttribute('aria-valuetext', spoken);
    slider.style.setProperty('--at', String(distance / most));
    drawConfusion();
  };
  const choose = (next: number): void => {
    distance = next;
    show();
    changed();
  };
  slider.addEventListener('input', () => choose(slider.valueAsNumber));
  byId('optimal', HTMLButtonElement).addEventListener('click', () => {
    const best = now!.calibration.cutpoints.optimal.distance;
    slider.value = String(best);
    choose(best);
  });
  new ResizeObserver(show).observe(chart);

  return {
    get distance() {
      return distance;
    },
    open: ({ calibration, tried }) => {
      const most = calibration.curve.thresholds.at(-1)! || 1e-6;
      now = { calibration, tried, most };
      slider.max = String(most);
      slider.step = String(most / 400);
      distance = calibration.cutpoints.optimal.distance;
      slider.value = String(distance);
      show();
    },
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
