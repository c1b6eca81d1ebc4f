// Loaded before an example (--import): writes which of its lines printed what, as lines of JSON, and at the end the seconds it took.
import { format } from 'node:util';

const { EXAMPLE: program } = process.env;
const write = (record) => process.stdout.write(`${JSON.stringify(record)}\n`);
console.log = (...values) => {
  const frame = new Error('where').stack.split('\n').find((line) => line.includes(program));
  write({ line: Number(/:(\d+):\d+\)?$/.exec(frame ?? '')?.[1] ?? 0), text: format(...values) });
};
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  write({ seconds: (user + system) / 1e6 });
});
