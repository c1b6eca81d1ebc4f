import { selectBackend } from '@simile/core/backend';
import { element } from './element.ts';
import type { ForeignLosses } from './foreign.ts';
import { createKey } from './key.ts';
import { createPanel, type Panel } from './panel.ts';
import { asPng, asSvg, download } from './picture.ts';
import type { Rows } from './points.ts';
import { beginning, choose, stateFromHash, stateToHash, type LabState } from './state.ts';
import './style.css';
import { createToolbar, type Toolbar } from './toolbar.ts';
import { offers, takesViews } from './units.ts';

/** What a page asks of the lab. */
export interface LossLabOptions {
  /** Id of a loss, a distance or a miner, or of a loss of `foreign`, to begin with. Default `triplet-margin`. */
  unit?: string;
  /** Losses of a plugin. */
  foreign?: ForeignLosses;
}

/**
 * Puts the lab into an element: points, a loss over them, its arrows, its pairs, and gradient descent by the published functions.
 *
 * @returns what takes it away again
 */
export function mountLossLab(host: HTMLElement, { unit, foreign }: LossLabOptions = {}): () => void {
  let state = unit && foreign?.losses.includes(unit) ? beginning(unit) : beginningWith(unit);
  let message = '';
  try {
    state = stateFromHash(location.hash) ?? state;
  } catch (error) {
    message = (error as Error).message;
  }
  let panels: Panel[] = [];
  let running = false;
  let gone = false;
  const board = element('div', { class: 'lab-board' });
  const note = element('p', { class: 'lab-note', role: 'status' }, message);
  const toolbar: Toolbar = createToolbar({
    state: () => state,
    change: (to) => {
      // Points that a person moved belong to the setting in which they were moved.
      const { points: _moved, ...fresh } = { ...state, ...to };
      state = fresh;
      void rebuild();
    },
    rate: (rate) => {
      state = { ...state, rate };
      link();
    },
    run: (on) => void run(on),
    step: () => void Promise.all(panels.map((panel) => panel.step())),
    reset: () => void rebuild(),
    compare: (on) => {
      const [first] = state.panels;
      const other = choose(first!.loss === 'multi-similarity' ? 'triplet-margin' : 'multi-similarity');
      state = { ...state, panels: on ? [first!, other] : [first!] };
      void rebuild();
    },
    copyLink: async () => {
      link();
      try {
        await navigator.clipboard.writeText(location.href);
        note.textContent = 'The link is copied.';
      } catch {
        note.textContent = 'The link is in the address line.';
      }
    },
    save: (kind) => void save(kind),
  });
  const frame = element('div', { class: 'loss-lab' }, toolbar.element, board, createKey(), note);
  host.replaceChildren(frame);
  void selectBackend({ prefer: 'cpu', training: true }).then(rebuild, (error: unknown) => {
    note.textContent = error instanceof Error ? error.message : String(error);
  });
  return () => {
    gone = true;
    running = false;
    for (const panel of panels) panel.dispose();
    frame.remove();
  };

  async function rebuild(): Promise<void> {
    if (gone) return;
    running = false;
    state = withViews(state);
    for (const panel of panels) panel.dispose();
    panels = state.panels.map((_, index) =>
      createPanel({ state: () => state, index, foreign, onChoice: chosen, onMove: move }),
    );
    board.replaceChildren(...panels.map((panel) => panel.element));
    toolbar.show(state, running);
    await Promise.all(panels.map((panel) => panel.reset()));
    frame.dataset['ready'] = 'true';
  }

  async function run(on: boolean): Promise<void> {
    running = on;
    toolbar.show(state, running);
    while (running && !gone) {
      await Promise.all(panels.map((panel) => panel.step()));
      await new Promise(requestAnimationFrame);
    }
  }

  function chosen(): void {
    const views = state.panels.some(({ loss }) => takesViews(loss));
    if (views && state.perClass !== 2) void rebuild();
    toolbar.show(state, running);
    link();
  }

  function move(rows: Rows): void {
    state = { ...state, points: rows.flat().map((at) => Number(at.toFixed(4))) };
    running = false;
    toolbar.show(state, running);
    link();
    for (const panel of panels) void panel.moved();
  }

  /** Only after a person did something: a page that is opened keeps its address. */
  function link(): void {
    history.replaceState(history.state, '', `#${stateToHash(state)}`);
  }

  async function save(kind: 'svg' | 'png'): Promise<void> {
    const drawings = [...board.querySelectorAll<SVGSVGElement>('.lab-plane, .lab-histogram')];
    const titles = state.panels.flatMap(({ loss }) => [loss, '']);
    const { color } = getComputedStyle(frame);
    const svg = asSvg(drawings, titles, color, getComputedStyle(document.body).backgroundColor);
    const blob = kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await asPng(svg);
    download(`loss-lab.${kind}`, blob);
    note.textContent = `Saved as loss-lab.${kind}.`;
  }
}

/** A loss that takes two views of each item wants two points of each class. */
function withViews(state: LabState): LabState {
  if (state.perClass === 2 || !state.panels.some(({ loss }) => takesViews(loss))) return state;
  const { points: _moved, ...fresh } = state;
  return { ...fresh, perClass: 2 };
}

function beginningWith(unit: string | undefined): LabState {
  if (unit === undefined || offers.losses.includes(unit) || offers.viewLosses.includes(unit)) return beginning(unit);
  const state = beginning('contrastive');
  const [choice] = state.panels;
  if (offers.distances.includes(unit)) return { ...state, panels: [{ ...choice!, distance: unit }] };
  if (offers.miners.includes(unit)) return { ...beginning(), panels: [{ ...choose('triplet-margin'), miner: unit }] };
  return beginning();
}
