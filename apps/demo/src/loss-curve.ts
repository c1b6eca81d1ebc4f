import { drawCurve } from '@simile/visualization';
import type { StepNews } from './job-contract.ts';
import { byId } from './page.ts';

/** The loss as it comes. */
export interface LossCurve {
  add(news: StepNews): void;
  /** Shows what is not shown yet. */
  finish(): void;
}

/** Draws at most four times a second, however fast the steps are. */
export function lossCurve(steps: number): LossCurve {
  const losses: number[] = [];
  const bar = byId('train-progress', HTMLProgressElement);
  const numbers = byId('train-numbers', HTMLElement);
  const picture = byId('loss-curve', HTMLElement);
  picture.replaceChildren();
  bar.max = steps;
  bar.value = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: StepNews | undefined;
  const show = (): void => {
    timer = undefined;
    if (!latest) return;
    const { step, loss, milliseconds, secondsLeft } = latest;
    bar.value = step;
    const left = step < steps ? ` · ${duration(secondsLeft)} left` : '';
    numbers.textContent = `${step} of ${steps} steps · loss ${loss.toFixed(3)} · ${milliseconds.toFixed(0)} ms a step${left}`;
    picture.replaceChildren(drawCurve(losses, { title: 'Loss while training', yLabel: 'loss' }).element());
  };
  return {
    add: (news) => {
      latest = news;
      losses.push(news.loss);
      timer ??= setTimeout(show, 250);
    },
    finish: () => {
      clearTimeout(timer);
      show();
    },
  };
}

/** `75` → `1:15`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
