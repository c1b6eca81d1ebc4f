// Loaded before an example (--import): notes which line of SIMILE_EXAMPLE printed what, as lines of JSON in SIMILE_PRINTED.
import { appendFileSync } from 'node:fs';
import { format } from 'node:util';

const { SIMILE_EXAMPLE: program, SIMILE_PRINTED: file } = process.env;
const log = console.log;
console.log = (...values) => {
  const frame = new Error('where').stack.split('\n').find((line) => line.includes(program));
  const line = Number(/:(\d+):\d+\)?$/.exec(frame ?? '')?.[1] ?? 0);
  appendFileSync(file, `${JSON.stringify([line, format(...values)])}\n`);
  log(...values);
};
