import type { TrainingStep } from '@simile/models';
import { Presets, SingleBar } from 'cli-progress';

/** A bar with loss, step time and time left in a terminal; a line now and then elsewhere. */
export interface TrainingBar {
  update(step: TrainingStep): void;
  stop(): void;
}

export function trainingBar(stream: NodeJS.WriteStream = process.stdout): TrainingBar {
  const bar = new SingleBar(
    {
      format: 'Training |{bar}| {value}/{total} steps · loss {loss} · {step} ms a step · {left} left',
      noTTYOutput: true,
      notTTYSchedule: 10_000,
      stream,
    },
    Presets.shades_classic,
  );
  let begun = false;
  // Averages over some twenty steps: a single batch says little.
  let loss: number | undefined;
  let milliseconds: number | undefined;
  const smooth = (before: number | undefined, now: number): number =>
    before === undefined ? now : before + (now - before) / 20;
  return {
    update: (step) => {
      loss = smooth(loss, step.loss);
      milliseconds = smooth(milliseconds, step.milliseconds);
      const shown = { loss: loss.toFixed(4), step: milliseconds.toFixed(0), left: duration(step.secondsLeft) };
      if (!begun) bar.start(step.steps, 0, shown);
      begun = true;
      bar.update(step.step + 1, shown);
    },
    stop: () => {
      if (begun) bar.stop();
      begun = false;
    },
  };
}

/** `75` → `1:15`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
