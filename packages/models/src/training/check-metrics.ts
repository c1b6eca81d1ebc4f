import { SimileError } from '@simile/core/errors';
import type { TrainingMetric } from '../options.ts';

/** Their names are the keys of logs. @throws `ERR_OPTION` */
export function checkMetrics(where: string, metrics: readonly TrainingMetric[]): void {
  const names = ['loss', ...metrics.map((metric) => metric.name)];
  if (names.every((name, i) => name && names.indexOf(name) === i)) return;
  throw new SimileError({
    where,
    rule: 'metrics must be functions with different names, none of them loss',
    got: names.slice(1),
    remedy: 'Write them as named functions.',
    code: 'ERR_OPTION',
  });
}
