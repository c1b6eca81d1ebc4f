import type { Label } from '@simile/index';
import { proxy, wrap } from 'comlink';
import { digitOrder, trainedDigits } from 'simile/hello-world';
import { glyphOf, styleOf } from './class-look.ts';
import { digitCanvas } from './digit-canvas.ts';
import type { Embedded, Found } from './job-contract.ts';
import type { EmbeddingMap } from './map/embedding-map.ts';
import { mapView } from './map-view.ts';
import { newestOnly } from './newest-only.ts';
import { answer, byId, make } from './page.ts';

/** The map beside the sections. */
export interface MapSection {
  /** Before a new training. */
  begin(): void;
  /** Records as they are now. `settled` when they stay, so that the other kind of map pays. */
  show(records: Embedded, settled: boolean): void;
  /** What was found for a drawing; undefined when there is none any more. */
  showFound(found: Found | undefined): void;
}

const SEED = 1;

export function mapSection(): MapSection {
  const map = wrap<EmbeddingMap>(
    new Worker(new URL('./map/map.worker.ts', import.meta.url), { type: 'module', name: 'map' }),
  );
  const view = mapView();
  const byNeighborhoods = byId('map-kind', HTMLFieldSetElement).querySelector<HTMLInputElement>(
    '[value=neighborhoods]',
  )!;
  const flat = byId('map-kind', HTMLFieldSetElement).querySelector<HTMLInputElement>('[value=flat]')!;
  let records: Embedded | undefined;
  let found: Found | undefined;

  const draw = newestOnly<void>(() => answer('map-caption', drawNow));
  const drawNow = async (): Promise<void> => {
    if (!records) return;
    const { labels, values, dimension } = records;
    const rows = { values, dimension };
    const { places, ownKind } = await map.flat(rows, labels);
    byId('map-empty', HTMLElement).hidden = true;
    showLegend(ownKind);
    view.show(places, labels);
    if (byNeighborhoods.checked) {
      const settled = await map.neighborhoods(
        rows,
        SEED,
        proxy((each) => view.show(each, labels)),
      );
      if (settled) view.show(settled, labels);
    }
    await place();
  };
  const place = async (): Promise<void> => {
    if (!found || !records) return view.showQuery(undefined);
    const { embedding, neighbors, rows, label } = found;
    const near = rows.map((row, i) => ({ row, distance: neighbors[i]!.distance }));
    const at = await map.place({ values: embedding, dimension: embedding.length }, near);
    view.showQuery({ place: at, rows, label });
  };
  const placeNewest = newestOnly<void>(place);

  for (const kind of [flat, byNeighborhoods]) kind.addEventListener('change', () => draw());
  tips(view, () => records);
  return {
    begin: () => {
      records = found = undefined;
      byNeighborhoods.disabled = true;
      flat.checked = true;
      view.showQuery(undefined);
      void map.forget();
    },
    show: (next, settled) => {
      records = next;
      byNeighborhoods.disabled = !settled;
      draw();
    },
    showFound: (next) => {
      found = next;
      placeNewest();
    },
  };
}

/** Each class with its glyph, and the share of its records that lie nearest to one of their own. */
function showLegend(shares: ReadonlyMap<Label, number>): void {
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const line = (label: Label): HTMLElement => {
    const share = shares.get(label)!;
    const glyph = make('b', { textContent: glyphOf(label) });
    glyph.dataset['class'] = styleOf(label);
    const bar = make('i');
    bar.dataset['class'] = styleOf(label);
    bar.style.setProperty('--share', String(share));
    const item = make('li', { title: String(label) }, glyph, bar, make('span', { textContent: percent(share) }));
    return item;
  };
  const mean = (labels: readonly Label[]): string =>
    percent(labels.reduce<number>((sum, label) => sum + shares.get(label)!, 0) / labels.length);
  const there = digitOrder.filter((digit) => shares.has(digit));
  const trained = there.filter((digit) => trainedDigits.includes(digit));
  const unseen = there.filter((digit) => !trainedDigits.includes(digit));
  const taught = [...shares.keys()].filter((label) => typeof label === 'string');
  const group = (name: string, labels: readonly Label[]): HTMLElement[] => {
    if (labels.length === 0) return [];
    const heading = make('p', { textContent: `${name}: ${mean(labels)}` });
    return [make('div', {}, heading, make('ul', { ariaLabel: name }, ...labels.map(line)))];
  };
  byId('map-legend', HTMLElement).replaceChildren(
    ...group('trained on', trained),
    ...group('never seen', unseen),
    ...group('taught', taught),
  );
  byId('map', HTMLCanvasElement).ariaLabel =
    `Map of the embedding: ${there.length} digits${taught.length > 0 ? ` and ${taught.length} classes taught` : ''}. ` +
    'How well classes keep to themselves is told below.';
}

/** The image of the record under the pointer. */
function tips(view: ReturnType<typeof mapView>, records: () => Embedded | undefined): void {
  const canvas = byId('map', HTMLCanvasElement);
  const tip = byId('map-tip', HTMLElement);
  canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
    const now = records();
    const row = now && view.rowAt(offsetX, offsetY);
    tip.hidden = row === undefined;
    if (!now || row === undefined) return;
    digitCanvas(now.pixels.subarray(row * 784, (row + 1) * 784), tip.querySelector('canvas')!);
    tip.querySelector('span')!.textContent = String(now.labels[row]);
    const [x, y] = view.at(row);
    const left = x > canvas.clientWidth / 2 ? x - tip.offsetWidth - 12 : x + 12;
    tip.style.translate = `${left}px ${Math.min(y + 8, canvas.clientHeight - tip.offsetHeight - 4)}px`;
  });
  canvas.addEventListener('pointerleave', () => (tip.hidden = true));
}
