import { selectBackend } from '@simile/core/backend';
import { SimileError } from '@simile/core/errors';
import type { Match } from '@simile/index';
import { loadSimilarityModel, type SimilarityModel } from '@simile/models';
import { defineCommand, type CommandContext, type CommandDef } from 'citty';
import { plainErrors } from './plain-errors.ts';
import { readPng } from './read-png.ts';

const options = {
  file: {
    type: 'positional' as const,
    required: true as const,
    description: 'A model that save, toBytes or a page wrote',
  },
  images: {
    type: 'positional' as const,
    required: true as const,
    description: 'PNG files of the size that the model takes',
  },
  cutpoint: {
    type: 'string' as const,
    description: 'Name of a cut-point, or a distance (default: chosen where the model has it, else optimal)',
  },
  k: { type: 'string' as const, default: '3', description: 'Neighbours to tell of each image' },
  json: { type: 'boolean' as const, default: false, description: 'As JSON' },
};

/** `simile match FILE IMAGES…`: what a saved model takes images for, and the records they are nearest to. */
export const matchCommand: CommandDef = defineCommand({
  meta: { name: 'match', description: 'Recognise PNG images with a saved model, or tell that they are unknown.' },
  args: options,
  run: plainErrors(async ({ args }: CommandContext<typeof options>) => {
    const k = Number(args.k);
    if (!Number.isSafeInteger(k) || k < 1) throw wrong('--k must be a whole number, 1 or more', args.k);
    await selectBackend({ training: false });
    const model = await loadSimilarityModel(args.file);
    const paths = args._.slice(1).map(String);
    const cutpoint = chooseCutpoint(model, args.cutpoint);
    const matches = await matchFiles(model, paths, cutpoint, k);
    if (args.json) process.stdout.write(`${JSON.stringify(matches)}\n`);
    else for (const match of matches) process.stdout.write(`${line(match)}\n`);
    model.dispose();
  }),
}) as unknown as CommandDef;

interface FileMatch extends Pick<Match, 'label' | 'known' | 'distance'> {
  readonly path: string;
  readonly neighbors: readonly Pick<Match['neighbors'][number], 'rank' | 'id' | 'label' | 'distance'>[];
}

async function matchFiles(
  model: SimilarityModel,
  paths: readonly string[],
  cutpoint: string | number,
  k: number,
): Promise<FileMatch[]> {
  const shape = model.layers?.inputs[0]?.shape.slice(1) ?? [];
  const matches: FileMatch[] = [];
  for (const path of paths) {
    const x = await readPng(path, shape);
    const [{ label, known, distance }] = (await model.match(x, { cutpoint })) as [Match];
    const neighbors = (await model.singleLookup(x, { k })).map(({ rank, id, label: of, distance: far }) => {
      return { rank, id, label: of, distance: far };
    });
    matches.push({ path, label, known, distance, neighbors });
  }
  return matches;
}

/** A page writes the distance that a person chose there under the name `chosen`. */
function chooseCutpoint(model: SimilarityModel, asked: string | undefined): string | number {
  const names = Object.keys(model.vectorIndex.calibration?.cutpoints ?? {});
  if (asked === undefined) return names.includes('chosen') ? 'chosen' : 'optimal';
  if (names.includes(asked)) return asked;
  const distance = Number(asked);
  if (asked.trim() !== '' && Number.isFinite(distance)) return distance;
  throw wrong(`--cutpoint must be a distance or one of ${names.join(', ') || 'none'}`, asked);
}

function line({ path, label, known, distance, neighbors }: FileMatch): string {
  const near = neighbors.map((each) => `${each.label ?? 'no label'} ${each.distance.toPrecision(3)}`).join(', ');
  return `${path}: ${known ? label : 'unknown'}, distance ${distance.toPrecision(3)} (nearest: ${near})`;
}

function wrong(rule: string, got: unknown): SimileError {
  return new SimileError({ where: 'match', rule, got, remedy: 'See --help.', code: 'ERR_OPTION' });
}
