import { DOMParser } from 'linkedom';

/** An SVG as elements, read by a parser that is not ours. */
export function parseSvg(svg: string): Element {
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
}

/** Texts in the order they are drawn. */
export function textsOf(svg: string): string[] {
  return [...parseSvg(svg).querySelectorAll('text')].map((text) => text.textContent ?? '');
}

/** Numbers of a path's commands, two by two. */
export function pointsOf(commands: string): [number, number][] {
  const numbers = commands.match(/-?\d+(\.\d+)?/g)!.map(Number);
  return numbers.flatMap((x, i) => (i % 2 === 0 ? [[x, numbers[i + 1]!] as [number, number]] : []));
}
