import { proxy, type Remote } from 'comlink';
import type { BackendSection } from './backend-section.ts';
import type { Job } from './job.ts';
import type { Embedded, Indexed, Stage } from './job-contract.ts';
import { lossCurve } from './loss-curve.ts';
import { answer, byId, say } from './page.ts';

/** What happens before, while and after a training. */
export interface TrainingEvents {
  /** Fetches what is to be trained on. */
  load(): Promise<void>;
  /** The model of before is gone. */
  begun(): void;
  embedded(records: Embedded): void;
  done(indexed: Indexed): Promise<void>;
}

const STAGES: Readonly<Record<Stage, string>> = {
  index: 'Indexing 200 images of all ten digits …',
  calibrate: 'Calibrating on images that are not in the index …',
  match: 'Trying test digits …',
};

/** Section 1: trains, with a live curve, then indexes and calibrates; both can be ended. */
export function trainingSection(job: Remote<Job>, backend: BackendSection, events: TrainingEvents): void {
  const [train, stop, cancel] = ['train', 'stop', 'cancel'].map((id) => byId(id, HTMLButtonElement)) as [
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLButtonElement,
  ];
  const bar = byId('train-progress', HTMLProgressElement);
  let cancelled = false;
  const number = (id: string): number => byId(id, HTMLInputElement).valueAsNumber;

  stop.addEventListener('click', () => {
    stop.disabled = true;
    say('train-status', 'Stopping after this step …');
    void job.stop();
  });
  cancel.addEventListener('click', () => {
    cancelled = stop.disabled = cancel.disabled = true;
    say('train-status', 'Cancelling …');
    void job.stop();
  });

  const run = async (): Promise<void> => {
    const steps = number('steps');
    say('train-status', 'Choosing where to compute …');
    bar.removeAttribute('value'); // how long it takes is not known
    await backend.ensure();
    backend.lock(true);
    say('train-status', 'Fetching the digits …');
    await events.load();
    if (cancelled) return;
    events.begun();
    stop.disabled = false;
    say('train-status', 'Training; the first step may take longer, while kernels are made ready.');
    const curve = lossCurve(steps);
    const done = await job.train(
      { steps, seed: number('seed') },
      proxy({ step: curve.add, embedded: events.embedded }),
    );
    curve.finish();
    stop.disabled = true;
    if (cancelled) return;
    bar.removeAttribute('value');
    const indexed = await job.index(
      number('queries'),
      proxy((stage: Stage) => say('train-status', STAGES[stage])),
    );
    bar.value = bar.max;
    const pace = `${((1000 * done.seconds) / done.steps).toFixed(0)} ms a step`;
    const count = `${done.steps} ${done.steps === 1 ? 'step' : 'steps'}`;
    say(
      'train-status',
      `${done.stopped ? 'Stopped' : 'Trained'} after ${count} in ${done.seconds.toFixed(1)} s, ${pace}.`,
    );
    await events.done(indexed);
  };

  byId('train-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    cancelled = false;
    train.disabled = true;
    cancel.disabled = false;
    void answer('train-status', async () => {
      try {
        await run();
      } catch (error) {
        if (!cancelled) throw error;
      } finally {
        if (cancelled) say('train-status', 'Cancelled.');
        if (!bar.hasAttribute('value')) bar.value = 0;
        train.disabled = false;
        stop.disabled = cancel.disabled = true;
        backend.lock(false);
      }
    });
  });
}
