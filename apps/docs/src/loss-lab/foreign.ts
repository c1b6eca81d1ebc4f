import { vectorDistance } from '@simile/distances/vectors';
import type { Evaluation } from './objective.ts';
import type { Rows } from './points.ts';

/** Losses of a plugin that runs elsewhere, in a sandbox: the lab sends points and gets slopes. */
export interface ForeignLosses {
  readonly losses: readonly string[];
  evaluate(loss: string, labels: number[], rows: number[][]): Promise<{ value: number; gradient: number[][] }>;
}

/** What a loss of a plugin says of the points; distances are Euclidean, for the lab does not see its own. */
export async function evaluateForeign(
  { evaluate }: ForeignLosses,
  loss: string,
  labels: Int32Array,
  rows: Rows,
): Promise<Evaluation> {
  const { value, gradient } = await evaluate(loss, [...labels], rows);
  const distance = vectorDistance('euclidean');
  const vectors = rows.map((row) => Float32Array.from(row));
  const distances = Float32Array.from(vectors.flatMap((a) => vectors.map((b) => distance(a, b))));
  return { value, gradient, distances, weights: [] };
}
