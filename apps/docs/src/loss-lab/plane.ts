import { classColors, classForms, formNames, pairColors } from './marks.ts';
import type { Evaluation } from './objective.ts';
import { along, type Rows } from './points.ts';
import type { Space } from './state.ts';
import { set, shape } from './element.ts';
import { follow, makeView, place, rowAt, side } from './view.ts';

/** What the drawing tells of what a person does to it. */
export interface PlaneEvents {
  /** A point was dragged, or moved by arrow keys, to a new row. */
  onMove(point: number, row: number[]): void;
}

/** What is drawn. */
export interface Drawn {
  readonly space: Space;
  readonly rows: Rows;
  readonly labels: Int32Array;
  readonly evaluation: Evaluation | undefined;
}

/** The points, the arrows of their negative gradients, and the pairs that count. */
export interface Plane {
  readonly svg: SVGSVGElement;
  draw(what: Drawn): void;
}

/** Length of the longest arrow, in units of the drawing. */
const longest = 60;
/** Pairs below this share of the strongest are not drawn. */
const weakest = 0.02;

/** An empty drawing of the space of the embeddings. */
export function createPlane(label: string, { onMove }: PlaneEvents): Plane {
  const view = makeView();
  const ground = shape('g', { class: 'lab-ground' });
  const pairs = shape('g', { 'stroke-linecap': 'round' });
  const weights = shape('g');
  const arrows = shape('g', { stroke: 'currentColor', fill: 'none', 'stroke-width': 1.6, 'stroke-linecap': 'round' });
  const points = shape('g');
  const svg = shape(
    'svg',
    { viewBox: `0 0 ${side} ${side}`, class: 'lab-plane', role: 'group', 'aria-label': label },
    ground,
    pairs,
    weights,
    arrows,
    points,
  );
  let last: Drawn | undefined;
  let current = 0;

  svg.addEventListener('pointerdown', (down) => {
    const marks = [...points.children];
    const point = marks.findIndex((mark) => mark.contains(down.target as Node));
    if (!last || (point < 0 && last.space !== 'sphere')) return;
    down.preventDefault();
    svg.setPointerCapture(down.pointerId);
    let from = { x: down.clientX, y: down.clientY };
    const move = (event: PointerEvent): void => {
      if (point >= 0) return onMove(point, rowAt(view, last!.space, inside(event)));
      view.turn.around += (event.clientX - from.x) / 120;
      view.turn.over = clamp(view.turn.over + (event.clientY - from.y) / 120, 1.5);
      from = { x: event.clientX, y: event.clientY };
      draw(last!);
    };
    svg.addEventListener('pointermove', move);
    svg.addEventListener('lostpointercapture', () => svg.removeEventListener('pointermove', move), { once: true });
    if (point >= 0) focus(point);
  });

  // One stop of the Tab key: Page Up and Page Down go from point to point, arrow keys move the one in focus.
  points.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const turn = { PageUp: -1, PageDown: 1 }[event.key];
    if (!last || (!step && !turn)) return;
    event.preventDefault();
    if (turn) return focus((current + turn + last.rows.length) % last.rows.length);
    const [x, y] = place(view, last.rows[current]!);
    const by = event.shiftKey ? 2 : 10;
    onMove(current, rowAt(view, last.space, { x: x + step![0]! * by, y: y + step![1]! * by }));
  });

  return { svg, draw };

  function draw(what: Drawn): void {
    last = what;
    const { space, rows, evaluation } = what;
    follow(view, space, [...rows, ...(space === 'plane' ? (evaluation?.weights ?? []) : [])]);
    drawGround(space);
    pairs.replaceChildren(...(evaluation?.pull ? pairLines(rows, evaluation.pull) : []));
    weights.replaceChildren(...(evaluation?.weights ?? []).map(weightMark));
    arrows.replaceChildren(...(evaluation ? arrowLines(what, evaluation) : []));
    drawPoints(what);
  }

  function drawGround(space: Space): void {
    const [x, y] = place(view, space === 'sphere' ? [0, 0, 0] : [0, 0]);
    const radius = side / 2 / view.reach;
    const line = { stroke: 'currentColor', 'stroke-opacity': 0.25, fill: 'none' };
    const cross = shape('path', { d: `M0 ${y}H${side}M${x} 0V${side}`, ...line, 'stroke-dasharray': '2 4' });
    const circle = shape('circle', { cx: x, cy: y, r: radius, ...line });
    if (space === 'sphere') set(circle, { fill: 'currentColor', 'fill-opacity': 0.04 });
    ground.replaceChildren(...(space === 'sphere' ? [circle] : [cross, circle]));
  }

  /** Both directions of a pair as one line, as strong as the loss makes of it. */
  function pairLines(rows: Rows, pull: Float32Array): SVGLineElement[] {
    const n = rows.length;
    const found: { a: number; b: number; strength: number }[] = [];
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++) found.push({ a, b, strength: pull[a * n + b]! + pull[b * n + a]! });
    }
    const strongest = Math.max(...found.map(({ strength }) => Math.abs(strength))) || 1;
    return found
      .filter(({ strength }) => Math.abs(strength) > weakest * strongest)
      .map(({ a, b, strength }) => {
        const [x1, y1] = place(view, rows[a]!);
        const [x2, y2] = place(view, rows[b]!);
        const share = Math.sqrt(Math.abs(strength) / strongest);
        const stroke = strength > 0 ? pairColors.pull : pairColors.push;
        const dash = strength > 0 ? undefined : '5 4';
        const width = (0.6 + 2.4 * share).toFixed(2);
        const opacity = (0.15 + 0.65 * share).toFixed(2);
        return shape('line', {
          x1: x1.toFixed(1),
          y1: y1.toFixed(1),
          x2: x2.toFixed(1),
          y2: y2.toFixed(1),
          stroke,
          'stroke-width': width,
          'stroke-opacity': opacity,
          'stroke-dasharray': dash,
        });
      });
  }

  function arrowLines({ space, rows }: Drawn, { gradient }: Evaluation): SVGPathElement[] {
    const slopes = rows.map((row, i) => along(space, row, gradient[i]!));
    const steepest = Math.max(...slopes.map((slope) => Math.hypot(...slope)));
    if (!(steepest > 1e-12)) return [];
    const scale = (longest / steepest / (side / 2)) * view.reach;
    return rows.map((row, i) => {
      const [x1, y1, depth] = place(view, row);
      const [x2, y2] = place(
        view,
        row.map((at, k) => at - slopes[i]![k]! * scale),
      );
      const length = Math.hypot(x2 - x1, y2 - y1);
      if (length < 2) return shape('path');
      const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
      const head = [1, -1].map((turn) => {
        const [bx, by] = [x2 - 6 * ux + turn * 3.5 * uy, y2 - 6 * uy - turn * 3.5 * ux];
        return `M${x2.toFixed(1)} ${y2.toFixed(1)}L${bx.toFixed(1)} ${by.toFixed(1)}`;
      });
      const d = `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}${head.join('')}`;
      return shape('path', { d, opacity: depth < 0 ? 0.3 : 0.85 });
    });
  }

  function weightMark(row: number[]): SVGPathElement {
    const [x, y] = place(view, row);
    const at = `translate(${clampTo(x)} ${clampTo(y)})`;
    return shape('path', { d: 'M-7-7L7 7M7-7L-7 7', transform: at, stroke: 'currentColor', 'stroke-width': 2.5 });
  }

  function drawPoints({ rows, labels }: Drawn): void {
    while (points.children.length > rows.length) points.lastElementChild!.remove();
    while (points.children.length < rows.length) points.append(pointMark(points.children.length));
    current = Math.min(current, rows.length - 1);
    rows.forEach((row, i) => {
      const kind = labels[i]! % classForms.length;
      const [x, y, depth] = place(view, row);
      const mark = points.children[i]!;
      set(mark, {
        transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
        opacity: depth < 0 ? 0.45 : 1,
        tabindex: i === current ? 0 : -1,
        'aria-label': `Point ${i + 1} of class ${labels[i]! + 1} (${formNames[kind]}), at ${row.map((at) => at.toFixed(2)).join(', ')}`,
      });
      set(mark.lastElementChild!, { d: classForms[kind]!, fill: classColors[kind]! });
    });
  }

  function pointMark(i: number): SVGGElement {
    const finger = shape('circle', { r: 14, fill: 'transparent' });
    const form = shape('path', { stroke: '#fff', 'stroke-width': 1.2 });
    const mark = shape('g', { class: 'lab-point', role: 'img' }, finger, form);
    mark.addEventListener('focus', () => (current = i));
    return mark;
  }

  function focus(point: number): void {
    current = point;
    [...points.children].forEach((mark, i) => set(mark, { tabindex: i === point ? 0 : -1 }));
    (points.children[point] as SVGElement).focus();
  }

  function inside(event: PointerEvent): { x: number; y: number } {
    const box = svg.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * side,
      y: ((event.clientY - box.top) / box.height) * side,
    };
  }
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(-most, value));
const clampTo = (at: number): string => Math.min(side + 20, Math.max(-20, at)).toFixed(1);
