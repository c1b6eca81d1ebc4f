import { controlOf } from './controls.ts';
import { element } from './element.ts';
import { evaluateForeign, type ForeignLosses } from './foreign.ts';
import { countDistances, drawHistogram } from './histogram.ts';
import { minerOptions } from './miner-options.ts';
import { createObjective, type Evaluation, type Objective } from './objective.ts';
import { choiceOf, optionFields } from './option-fields.ts';
import { createPlane } from './plane.ts';
import { descend, labelsOf, makePoints, onto, type Rows } from './points.ts';
import { choose, dimensionOf, type Choice, type LabState, type Setting } from './state.ts';
import { controlsOf, offers, takes } from './units.ts';
import { drawTrace } from './trace.ts';

/** One loss of the lab: its choices, its points, and what it says of them. */
export interface Panel {
  readonly element: HTMLElement;
  /** Begins anew where the state says. */
  reset(): Promise<void>;
  /** One step of gradient descent. */
  step(): Promise<void>;
  /** Goes on from the points of the state, which a person moved, with the loss as it is. */
  moved(): Promise<void>;
  dispose(): void;
}

/** What a panel needs of the lab around it. */
export interface PanelContext {
  state(): LabState;
  /** Which of `state().panels` this is. */
  readonly index: number;
  readonly foreign: ForeignLosses | undefined;
  /** The choice changed: links and the other panel may hang on it. */
  onChoice(): void;
  /** A person moved a point: this is where all of them begin from now on, in each panel. */
  onMove(rows: Rows): void;
}

/** The panel of one loss. */
export function createPanel(context: PanelContext): Panel {
  const { state, index, foreign } = context;
  const names = [`Loss ${index + 1}`, `lab-panel-${index}`];
  const plane = createPlane(`Points under ${names[0]}`, {
    onMove: (point, row) => context.onMove(rows.map((at, i) => (i === point ? row : at))),
  });
  const chosen = element('div', { class: 'lab-fields' });
  const options = element('div');
  const value = element('output', { class: 'lab-value' });
  const trace = element('div', { class: 'lab-trace' });
  const histogram = element('div');
  const trouble = element('p', { class: 'lab-error', role: 'alert' });
  trouble.hidden = true;
  const section = element(
    'section',
    { class: 'lab-panel', 'aria-label': names[0]! },
    chosen,
    trouble,
    element('div', { class: 'lab-picture' }, plane.svg),
    element('div', { class: 'lab-numbers' }, value, trace),
    histogram,
    options,
  );
  let objective: Objective | undefined;
  let rows: Rows = [];
  let evaluation: Evaluation | undefined;
  let values: number[] = [];
  let asked = 0;

  const choice = (): Choice => state().panels[index]!;
  const ofPlugin = (): boolean => foreign?.losses.includes(choice().loss) ?? false;
  const extent = (): { classes: number; dimension: number } => ({
    classes: state().classes,
    dimension: dimensionOf(state().space),
  });

  return { element: section, reset, step, moved, dispose: () => objective?.dispose() };

  async function reset(): Promise<void> {
    rows = makePoints(state());
    values = [];
    remake();
    drawChoices();
    await look();
  }

  async function moved(): Promise<void> {
    rows = makePoints(state());
    values = [];
    await look();
  }

  async function step(): Promise<void> {
    if (!evaluation) return;
    const { space, rate } = state();
    const labels = labelsOf(state());
    rows = descend(space, rows, evaluation.gradient, rate);
    await guarded(() => objective?.learn(labels, rows, rate));
    await look();
  }

  /** Makes the loss anew, its weights as they begin. */
  function remake(): void {
    objective?.dispose();
    objective = undefined;
    if (ofPlugin()) return;
    try {
      objective = createObjective(choice(), extent());
      say();
    } catch (error) {
      say(error);
    }
  }

  async function look(): Promise<void> {
    const turn = ++asked;
    const labels = labelsOf(state());
    const found = await guarded(() => evaluate(labels));
    if (turn !== asked) return;
    evaluation = found;
    if (found) values.push(found.value);
    plane.draw({ space: state().space, rows: rows.map((row) => onto(state().space, row)), labels, evaluation });
    value.textContent = evaluation ? `loss ${format(evaluation.value)} · step ${values.length - 1}` : 'no value';
    trace.replaceChildren(drawTrace(values));
    histogram.replaceChildren(...(evaluation ? [drawHistogram(countDistances(labels, evaluation.distances))] : []));
  }

  async function evaluate(labels: Int32Array): Promise<Evaluation | undefined> {
    const found = ofPlugin()
      ? await evaluateForeign(foreign!, choice().loss, labels, rows)
      : objective?.evaluate(labels, rows);
    if (found && !(Number.isFinite(found.value) && found.gradient.flat().every(Number.isFinite))) {
      throw new Error(`The loss is ${found.value} here, or its slope is no number: descent would end nowhere.`);
    }
    return found;
  }

  async function guarded<T>(act: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      say(error);
      return undefined;
    }
  }

  function say(error?: unknown): void {
    trouble.hidden = error === undefined;
    trouble.textContent = error === undefined ? '' : error instanceof Error ? error.message : String(error);
  }

  function drawChoices(): void {
    const { loss, distance, miner } = choice();
    const field = (name: string, select: HTMLSelectElement): HTMLElement =>
      element('div', { class: 'lab-choice' }, element('label', { for: select.id }, name), select);
    const losses = [
      ...(foreign?.losses.length ? [{ group: 'your plugin', values: foreign.losses }] : []),
      { group: 'over labels', values: offers.losses },
      { group: 'over two views', values: offers.viewLosses },
    ];
    const fields = [
      field(
        'loss',
        choiceOf(`${names[1]}-loss`, losses, loss, (id) => change(choose(id))),
      ),
    ];
    if (!ofPlugin() && takes(loss, extent(), 'distance')) {
      const ids = ['default', ...offers.distances];
      const picked = choiceOf(`${names[1]}-distance`, ids, distance, (id) => change({ ...choice(), distance: id }));
      fields.push(field('distance', picked));
    }
    if (!ofPlugin() && takes(loss, extent(), 'miner')) {
      const ids = ['none', ...offers.miners];
      const pick = (id: string): void => change({ ...choice(), miner: id, minerOptions: {} });
      fields.push(field('miner', choiceOf(`${names[1]}-miner`, ids, miner, pick)));
    }
    const own = objective ? controlsOf(objective.made) : [];
    const mining = Object.entries(minerOptions[miner] ?? {}).flatMap(([option, usual]) => {
      const control = controlOf(miner, option, usual);
      return control ? [{ option, value: choice().minerOptions[option] ?? usual, control }] : [];
    });
    const set = (part: 'options' | 'minerOptions') => (option: string, to: Setting) => {
      const before = choice();
      state().panels[index] = { ...before, [part]: { ...before[part], [option]: to } };
      remake();
      context.onChoice();
      void look();
    };
    chosen.replaceChildren(...fields);
    options.replaceChildren(optionFields(own, set('options')), optionFields(mining, set('minerOptions')));
  }

  function change(to: Choice): void {
    state().panels[index] = to;
    context.onChoice();
    remake();
    values = [];
    const used = document.activeElement?.id;
    drawChoices();
    if (used) document.getElementById(used)?.focus(); // the list that was used is another element now
    void look();
  }
}

const format = (value: number): string => (Math.abs(value) >= 1e4 ? value.toExponential(3) : value.toPrecision(4));
