#!/usr/bin/env node
import { defineCommand, runMain } from 'citty';
import { helloWorldCommand } from './commands/hello-world.ts';

const main = defineCommand({
  meta: {
    name: 'simile',
    description: 'Similarity learning: train an embedding, index it, find neighbours, look at them.',
  },
  subCommands: { 'hello-world': helloWorldCommand },
});

void runMain(main);
