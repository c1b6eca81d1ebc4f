import { element } from './element.ts';
import { choiceOf } from './option-fields.ts';
import type { LabState, Space } from './state.ts';
import { takesViews } from './units.ts';

/** What a person can ask for. */
export interface ToolbarEvents {
  state(): LabState;
  change(to: Partial<LabState>): void;
  rate(rate: number): void;
  run(on: boolean): void;
  step(): void;
  reset(): void;
  compare(on: boolean): void;
  copyLink(): Promise<void>;
  save(kind: 'svg' | 'png'): void;
}

/** The row of controls above the panels. */
export interface Toolbar {
  readonly element: HTMLElement;
  show(state: LabState, running: boolean): void;
}

const spaces: readonly Space[] = ['plane', 'circle', 'sphere'];

/** Controls of the points and of the descent. */
export function createToolbar(events: ToolbarEvents): Toolbar {
  const button = (text: string, act: () => void): HTMLButtonElement => {
    const made = element('button', { type: 'button' }, text);
    made.addEventListener('click', act);
    return made;
  };
  const run = button('Run', () => events.run(run.textContent === 'Run'));
  run.classList.add('lab-main');
  const compare = element('input', { type: 'checkbox', id: 'lab-compare' });
  compare.addEventListener('change', () => events.compare(compare.checked));

  const space = choiceOf('lab-space', spaces, 'plane', (to) => events.change({ space: to as Space }));
  const classes = slider('lab-classes', 2, 6, 1, (to) => events.change({ classes: to }));
  const perClass = slider('lab-per-class', 2, 8, 1, (to) => events.change({ perClass: to }));
  // Decades: what is too much for one loss is too little for another.
  const rate = slider(
    'lab-rate',
    -4,
    1,
    0.1,
    (to) => events.rate(10 ** to),
    (at) => (10 ** at).toPrecision(2),
  );

  const bar = element(
    'div',
    { class: 'lab-toolbar', role: 'group', 'aria-label': 'Points and gradient descent' },
    element(
      'div',
      { class: 'lab-buttons' },
      run,
      button('Step', events.step),
      button('Reset', events.reset),
      button('New points', () => events.change({ seed: events.state().seed + 1 })),
      element('label', { class: 'lab-check' }, compare, ' compare two'),
      button('Copy link', () => void events.copyLink()),
      button('SVG', () => events.save('svg')),
      button('PNG', () => events.save('png')),
    ),
    element(
      'div',
      { class: 'lab-options' },
      element('div', { class: 'lab-option' }, element('label', { for: 'lab-space' }, 'space'), space),
      row('classes', classes),
      row('points a class', perClass),
      row('learning rate', rate),
    ),
  );
  return {
    element: bar,
    show: (state, running) => {
      run.textContent = running ? 'Pause' : 'Run';
      compare.checked = state.panels.length === 2;
      space.value = state.space;
      classes.show(state.classes);
      perClass.show(state.perClass);
      perClass.input.disabled = state.panels.some(({ loss }) => takesViews(loss));
      rate.show(Math.log10(state.rate));
    },
  };
}

interface Slider {
  readonly input: HTMLInputElement;
  readonly output: HTMLOutputElement;
  show(value: number): void;
}

function slider(
  id: string,
  min: number,
  max: number,
  step: number,
  onChange: (value: number) => void,
  format: (value: number) => string = String,
): Slider {
  const input = element('input', { id, type: 'range', min, max, step });
  const output = element('output', { for: id });
  const tell = (): void => void (output.textContent = format(input.valueAsNumber));
  input.addEventListener('input', () => {
    tell();
    onChange(input.valueAsNumber);
  });
  return {
    input,
    output,
    show: (value) => {
      input.value = String(value);
      tell();
    },
  };
}

const row = (name: string, { input, output }: Slider): HTMLElement =>
  element('div', { class: 'lab-option' }, element('label', { for: input.id }, name), input, output);
