#!/usr/bin/env node
import { defineCommand, runMain } from 'citty';
import { helloWorldCommand } from './commands/hello-world.ts';
import { infoCommand } from './commands/info.ts';
import { matchCommand } from './commands/match.ts';

const main = defineCommand({
  meta: {
    name: 'simile',
    description: 'Similarity learning: train an embedding, index it, find neighbours, look at them.',
  },
  subCommands: { 'hello-world': helloWorldCommand, info: infoCommand, match: matchCommand },
});

void runMain(main);
