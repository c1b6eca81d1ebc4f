import { selectBackend } from '@simile/core/backend';
import { loadSimilarityModel } from '@simile/models';
import { defineCommand, type CommandContext, type CommandDef } from 'citty';
import { plainErrors } from './plain-errors.ts';

const options = {
  file: {
    type: 'positional' as const,
    required: true as const,
    description: 'A model that save, toBytes or a page wrote',
  },
  json: { type: 'boolean' as const, default: false, description: 'As JSON' },
};

/** `simile info FILE`: what a saved model takes, what is in its index, and how far a match is believed. */
export const infoCommand: CommandDef = defineCommand({
  meta: { name: 'info', description: 'Tell what a saved model takes, knows and is calibrated to.' },
  args: options,
  run: plainErrors(async ({ args }: CommandContext<typeof options>) => {
    await selectBackend({ training: false });
    const model = await loadSimilarityModel(args.file);
    const { toString, ...summary } = model.indexSummary();
    const takes = model.layers?.inputs[0]?.shape.slice(1) ?? null;
    const text = `takes       ${takes ? `[${takes.map((size) => size ?? 'any').join(', ')}]` : 'what its function takes'}`;
    process.stdout.write(`${args.json ? JSON.stringify({ takes, ...summary }) : `${text}\n${toString()}`}\n`);
    model.dispose();
  }),
}) as unknown as CommandDef;
