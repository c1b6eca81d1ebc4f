import type { Remote } from 'comlink';
import { digitCanvas } from './digit-canvas.ts';
import type { Job } from './job.ts';
import { answer, byId, make, say } from './page.ts';

/** Section 4: a new class from a few examples, without training. */
export interface TeachingSection {
  keep(pixels: Uint8Array): void;
  /** After a new training, when the index holds no taught class. */
  open(): void;
}

/** @param changed Called when the index holds other records. */
export function teachingSection(job: Remote<Job>, changed: () => void): TeachingSection {
  let examples: Uint8Array[] = [];
  const taught = new Map<string, number>();
  const teach = byId('teach', HTMLButtonElement);
  const drop = byId('drop-examples', HTMLButtonElement);
  const showExamples = (): void => {
    teach.disabled = drop.disabled = examples.length === 0;
    const list = examples.map((pixels, i) => {
      const button = make('button', { type: 'button', title: 'Take out', ariaLabel: `Take out example ${i + 1}` });
      button.append(digitCanvas(pixels));
      button.addEventListener('click', () => {
        examples = examples.filter((each) => each !== pixels);
        showExamples();
      });
      return make('li', {}, button);
    });
    byId('examples', HTMLElement).replaceChildren(...list);
  };
  const forget = (name: string): Promise<void> =>
    answer('teach-status', async () => {
      const size = await job.forget(name);
      taught.delete(name);
      showClasses();
      changed();
      say('teach-status', `“${name}” is forgotten; ${size} images are left in the index.`);
    });
  const showClasses = (): void => {
    const lines = [...taught].map(([name, count]) => {
      const button = make('button', { type: 'button', textContent: 'Forget', ariaLabel: `Forget ${name}` });
      button.addEventListener('click', () => void forget(name));
      return make('li', {}, `${name}: ${count} ${count === 1 ? 'example' : 'examples'}`, button);
    });
    byId('classes', HTMLElement).replaceChildren(...lines);
  };
  drop.addEventListener('click', () => {
    examples = [];
    showExamples();
  });
  byId('teach-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const field = byId('class-name', HTMLInputElement);
    const name = field.value.trim();
    if (!name) return say('teach-status', 'A class needs a name.');
    void answer('teach-status', async () => {
      const size = await job.teach(name, examples);
      taught.set(name, (taught.get(name) ?? 0) + examples.length);
      examples = [];
      field.value = '';
      showExamples();
      showClasses();
      changed();
      say(
        'teach-status',
        `“${name}” is known now, without a step of training; ${size} images are in the index. Draw it again.`,
      );
    });
  });
  return {
    keep: (pixels) => {
      examples.push(pixels);
      showExamples();
    },
    open: () => {
      taught.clear();
      showClasses();
    },
  };
}
