import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A program of `examples/`. */
export interface ExampleFile {
  /** File name: `01-twenty-lines.ts`. */
  readonly name: string;
  readonly code: string;
  /** Its first line. */
  readonly title: string;
  /** Its second line. */
  readonly about: string;
}

export const examplesFolder: string = join(import.meta.dirname, '../../examples');

/** Every example, in order. */
export function readExamples(): ExampleFile[] {
  const names = readdirSync(examplesFolder).filter((name) => /^\d\d-[a-z0-9-]+\.ts$/.test(name));
  return names.toSorted().map((name) => {
    const code = readFileSync(join(examplesFolder, name), 'utf8');
    const [title = '', about = ''] = code.split('\n', 2).map((line) => line.replace(/^\/\/ /, ''));
    return { name, code, title, about };
  });
}

/** What a program says that it prints: the text after `// →` by the line of its console.log. */
export function promised(code: string): Map<number, string> {
  const texts = new Map<number, string>();
  let call = 0;
  for (const [index, line] of code.split('\n').entries()) {
    if (line.includes('console.log(')) call = index + 1;
    const text = /\/\/ → (.*)$/.exec(line)?.[1];
    if (text !== undefined) texts.set(call, text.trim());
  }
  return texts;
}

/** Whether a printed text is the promised one; `…` stands for anything, white space counts once. */
export function keeps(promise: string, printed: string): boolean {
  const parts = promise
    .split('…')
    .map((part) => part.replace(/\s+/g, ' ').replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(printed.replace(/\s+/g, ' ').trim());
}
