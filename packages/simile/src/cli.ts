#!/usr/bin/env node
import { SimileError } from '@simile/core/errors';
import { defineCommand, runMain } from 'citty';
import { helloWorldCommand } from './commands/hello-world.ts';

const main = defineCommand({
  meta: {
    name: 'simile',
    description: 'Similarity learning: train an embedding, index it, find neighbours, look at them.',
  },
  subCommands: { 'hello-world': helloWorldCommand },
});

// A person needs the sentence of our own errors, not their stack.
process.on('uncaughtException', (error) => {
  console.error(SimileError.is(error) ? `\n${error.message}` : error);
  process.exit(1);
});
void runMain(main);
