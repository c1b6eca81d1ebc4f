import type { Label } from '@simile/index';
import { colorOf, glyphOf } from './class-look.ts';
import { fitTo, type Fit } from './map/fit.ts';
import { byId } from './page.ts';

/** What is looked up, on the map. */
export interface MapQuery {
  readonly place: readonly [number, number];
  /** Rows of its neighbours, to which lines are drawn. */
  readonly rows: readonly number[];
  /** Null for unknown. */
  readonly label: Label | null;
}

/** The map on its canvas. */
export interface MapView {
  /** Moves the records to new places `[n × 2]`. */
  show(places: Float32Array, labels: readonly Label[]): void;
  showQuery(query: MapQuery | undefined): void;
  /** The row nearest to a point of the canvas, within reach of a finger. */
  rowAt(x: number, y: number): number | undefined;
  /** Where a row is drawn. */
  at(row: number): [x: number, y: number];
}

/** Milliseconds that a move takes. */
const MOVE = 350;
const REACH = 14;

export function mapView(): MapView {
  const canvas = byId('map', HTMLCanvasElement);
  const context = canvas.getContext('2d', { willReadFrequently: true })!; // few points: no GPU, real or not, is needed
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let labels: readonly Label[] = [];
  let from: Float32Array = new Float32Array();
  let to: Float32Array = new Float32Array();
  let begun = 0;
  let query: MapQuery | undefined;
  let frame: number | undefined;
  let fit: Fit = fitTo(new Float32Array());

  const share = (): number => {
    const passed = still.matches ? 1 : Math.min(1, (performance.now() - begun) / MOVE);
    return 1 - (1 - passed) ** 3;
  };
  /** Places of now, from 0 to 1. */
  const between = (): Float32Array => {
    const gone = share();
    return to.map((value, i) => (i < from.length ? from[i]! + gone * (value - from[i]!) : value));
  };
  const draw = (): void => {
    frame = undefined;
    const side = canvas.clientWidth;
    const pixels = Math.round(side * devicePixelRatio);
    if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
    context.setTransform(pixels / side, 0, 0, pixels / side, 0, 0);
    context.clearRect(0, 0, side, side);
    const places = between().map((value) => value * side);
    if (query) drawLines(places, side);
    drawRecords(places);
    if (query) drawQuery(side);
    if (share() < 1) ask();
  };
  const ask = (): void => {
    frame ??= requestAnimationFrame(draw);
  };

  const drawRecords = (places: Float32Array): void => {
    context.font = '700 13px Inter, system-ui, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const near = new Set(query?.rows);
    const colors = new Map([...new Set(labels)].map((label) => [label, colorOf(label)]));
    labels.forEach((label, row) => {
      context.globalAlpha = query && !near.has(row) ? 0.45 : 0.92;
      context.fillStyle = colors.get(label)!;
      context.fillText(glyphOf(label), places[2 * row]!, places[2 * row + 1]!);
    });
    context.globalAlpha = 1;
  };
  const ink = (): string => getComputedStyle(canvas).color;
  const drawLines = (places: Float32Array, side: number): void => {
    const [x, y] = fit(query!.place);
    context.strokeStyle = ink();
    context.globalAlpha = 0.35;
    context.beginPath();
    for (const row of query!.rows) {
      context.moveTo(x * side, y * side);
      context.lineTo(places[2 * row]!, places[2 * row + 1]!);
    }
    context.stroke();
    context.globalAlpha = 1;
  };
  const drawQuery = (side: number): void => {
    const [x, y] = fit(query!.place).map((value) => Math.min(0.96, Math.max(0.04, value)) * side) as [number, number];
    const { label } = query!;
    context.beginPath();
    context.arc(x, y, 13, 0, 2 * Math.PI);
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--ground');
    context.fill();
    context.lineWidth = 2.5;
    context.setLineDash(label === null ? [4, 3] : []);
    context.strokeStyle = context.fillStyle = label === null ? ink() : colorOf(label);
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1;
    context.font = '800 16px Inter, system-ui, sans-serif';
    context.fillText(label === null ? '?' : glyphOf(label), x, y + 0.5);
  };

  new ResizeObserver(ask).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ask);
  return {
    show: (places, given) => {
      from = between();
      fit = fitTo(places);
      to = Float32Array.from({ length: places.length }, (_, i) => fit([places[i & ~1]!, places[i | 1]!])[i & 1]!);
      labels = given;
      begun = performance.now();
      ask();
    },
    showQuery: (next) => {
      query = next;
      ask();
    },
    rowAt: (x, y) => {
      const places = between().map((value) => value * canvas.clientWidth);
      let [nearest, least] = [-1, REACH];
      for (let row = 0; row < labels.length; row++) {
        const distance = Math.hypot(places[2 * row]! - x, places[2 * row + 1]! - y);
        if (distance < least) [nearest, least] = [row, distance];
      }
      return nearest < 0 ? undefined : nearest;
    },
    at: (row) => [to[2 * row]! * canvas.clientWidth, to[2 * row + 1]! * canvas.clientWidth],
  };
}
