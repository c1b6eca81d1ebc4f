import type { Remote } from 'comlink';
import type { Job } from './job.ts';
import { answer, byId, digitCanvas, say } from './page.ts';

/** Section 5: a new class from a few examples, without training. */
export interface TeachingSection {
  keep(pixels: Uint8Array): void;
  /** After a new training, when the index holds no taught class. */
  open(): void;
}

export function teachingSection(job: Remote<Job>): TeachingSection {
  let examples: Uint8Array[] = [];
  const taught = new Map<string, number>();
  const teach = byId('teach', HTMLButtonElement);
  const drop = byId('drop-examples', HTMLButtonElement);
  const showExamples = (): void => {
    teach.disabled = drop.disabled = examples.length === 0;
    const list = examples.map((pixels, i) => {
      const canvas = digitCanvas(pixels);
      canvas.role = 'listitem';
      canvas.ariaLabel = `Example ${i + 1}`;
      return canvas;
    });
    byId('examples', HTMLElement).replaceChildren(...list);
  };
  const showClasses = (): void => {
    const lines = [...taught].map(([name, count]) => {
      const line = document.createElement('li');
      const forget = document.createElement('button');
      forget.type = 'button';
      forget.textContent = 'Forget';
      forget.ariaLabel = `Forget ${name}`;
      forget.addEventListener('click', () => {
        void answer('teach-status', async () => {
          const size = await job.forget(name);
          taught.delete(name);
          showClasses();
          say('teach-status', `“${name}” is forgotten; ${size} images are left in the index.`);
        });
      });
      line.append(`${name}: ${count} ${count === 1 ? 'example' : 'examples'}`, forget);
      return line;
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
    if (!name) return;
    void answer('teach-status', async () => {
      const size = await job.teach(name, examples);
      taught.set(name, (taught.get(name) ?? 0) + examples.length);
      examples = [];
      field.value = '';
      showExamples();
      showClasses();
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
      byId('teach-section', HTMLElement).hidden = false;
    },
  };
}
