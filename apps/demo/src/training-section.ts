import { drawCurve } from '@simile/visualization';
import { proxy, type Remote } from 'comlink';
import type { Job, StepNews } from './job.ts';
import { answer, byId, say } from './page.ts';

/** Section 2: trains, with a live curve, and can be stopped. */
export function trainingSection(job: Remote<Job>, before: () => Promise<void>, trained: () => Promise<void>): void {
  const button = byId('train', HTMLButtonElement);
  const stop = byId('stop', HTMLButtonElement);
  stop.addEventListener('click', () => {
    stop.disabled = true;
    say('train-status', 'Stopping after this step …');
    void job.stop();
  });
  byId('train-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const steps = byId('steps', HTMLInputElement).valueAsNumber;
    const seed = byId('seed', HTMLInputElement).valueAsNumber;
    void answer('train-status', async () => {
      button.disabled = true;
      try {
        say('train-status', 'Fetching the digits …');
        await before();
        stop.disabled = false;
        say('train-status', 'Training; the first step may take longer, while kernels are made ready.');
        const curve = liveCurve(steps);
        const done = await job.train(steps, seed, proxy(curve.add));
        curve.finish();
        stop.disabled = true;
        const pace = `${((1000 * done.seconds) / done.steps).toFixed(0)} ms a step`;
        const how = done.stopped ? 'Stopped' : 'Trained';
        say(
          'train-status',
          `${how} after ${done.steps} ${done.steps === 1 ? 'step' : 'steps'} in ${done.seconds.toFixed(1)} s, ${pace}.`,
        );
        await trained();
      } finally {
        stop.disabled = true;
        button.disabled = false;
      }
    });
  });
}

interface LiveCurve {
  add(news: StepNews): void;
  finish(): void;
}

/** The loss as it comes: drawn at most four times a second, however fast the steps are. */
function liveCurve(steps: number): LiveCurve {
  const losses: number[] = [];
  const bar = byId('train-progress', HTMLProgressElement);
  const numbers = byId('train-numbers', HTMLElement);
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
    const picture = drawCurve(losses, { title: 'Loss while training', yLabel: 'loss' });
    byId('loss-curve', HTMLElement).replaceChildren(picture.element());
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
