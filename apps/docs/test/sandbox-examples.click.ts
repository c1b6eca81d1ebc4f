// Every example runs in the sandbox and prints what it says; those that choose a backend run on GPUs too. Needs node modules/build.ts
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keeps, promised, readExamples } from './examples/example.ts';
import type { Output } from '../src/sandbox/index.ts';
import { runIn, serveSandboxPage } from './sandbox-page.ts';
import { launch, type Site } from './site-server.ts';

const MINUTE = 60_000;

let site: Site;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [site, browser] = await Promise.all([serveSandboxPage(), launch()]);
  page = await browser.newPage();
  await page.goto(site.home);
  await page.waitForFunction(() => document.title === 'ready');
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const examples = readExamples();

test.each(examples)('$name prints on wasm what it says', async ({ code }) => {
  const { ending, outputs, error } = await runIn(page, { code });
  expect(error).toBeUndefined();
  expect(ending).toBe('done');
  expect(broken(code, printedBy(outputs, 'main.ts'))).toEqual([]);
});

/** What each line of a file printed. */
function printedBy(outputs: readonly Output[], file: string): Map<number, string> {
  const printed = new Map<number, string>();
  for (const output of outputs) {
    if (output.kind !== 'console' || output.file !== file || output.line === undefined) continue;
    const text = output.parts.map((part) => part.text).join(' ');
    printed.set(output.line, `${printed.get(output.line) ?? ''} ${text}`);
  }
  return printed;
}

/** What a program says that it prints, and has not. */
function broken(code: string, printed: ReadonlyMap<number, string>): string[] {
  const wrong = [...promised(code)].filter(([line, text]) => !keeps(text, printed.get(line) ?? ''));
  return wrong.map(([line, text]) => `line ${line}: ${text}, but printed ${printed.get(line)}`);
}

/** A GPU made of software takes minutes to train, so there training is two steps, and what it gives is not compared. */
function shortened(code: string): { code: string; trains: boolean } {
  const trains = /\.fit\(/.test(code);
  if (!trains) return { code, trains };
  return {
    code: code.replaceAll(/(stepsPerEpoch|epochs): \d+/g, (_, name) => `${name}: ${name === 'epochs' ? 1 : 2}`),
    trains,
  };
}

// One program holds them all: a worker of its own for each would compile every shader again.
test.each(['webgl', 'webgpu'] as const)(
  'the examples that choose a backend run on %s',
  { timeout: (process.env['DOCS_ALL_EXAMPLES'] ? 60 : 5) * MINUTE },
  async (backend) => {
    // WebGPU made of software needs minutes for a step: those that train run on it only where DOCS_ALL_EXAMPLES asks for them.
    const all = backend === 'webgl' || process.env['DOCS_ALL_EXAMPLES'] !== undefined;
    const chosen = examples.filter(({ code }) => /selectBackend\(\)/.test(code) && (all || !/\.fit\(/.test(code)));
    const short = chosen.map(({ name, code }) => ({ name, source: code, ...shortened(code) }));
    const main = short.map(
      ({ name }) =>
        `console.log('begin ${name}');\nawait import('./${name}').catch((error) => console.log('FAILED', String(error)));`,
    );
    const files = Object.fromEntries([['main.ts', main.join('\n')], ...short.map(({ name, code }) => [name, code])]);
    const { ending, lines, outputs, error } = await runIn(page, { files, backend });
    expect([ending, error]).toEqual(['done', undefined]);
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    // Each of them once; one goes on to others.
    const reports = outputs.flatMap((output) => (output.kind === 'backend' ? [output.report.chosen] : []));
    expect(reports.filter((name) => name === backend).length).toBeGreaterThanOrEqual(short.length);
    for (const { name, source, trains } of short) {
      const printed = printedBy(outputs, name);
      expect.soft(printed.size, name).toBeGreaterThan(0);
      if (!trains) expect.soft(broken(source, printed), name).toEqual([]);
    }
  },
);
