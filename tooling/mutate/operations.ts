/** Operations to those that could be taken for them. */
const TWINS: Readonly<Record<string, string>> = {
  add: 'sub',
  sub: 'add',
  mul: 'div',
  div: 'mul',
  max: 'min',
  min: 'max',
  argMax: 'argMin',
  argMin: 'argMax',
  sum: 'mean',
  mean: 'sum',
  maximum: 'minimum',
  minimum: 'maximum',
  greater: 'less',
  less: 'greater',
  greaterEqual: 'lessEqual',
  lessEqual: 'greaterEqual',
  equal: 'notEqual',
  notEqual: 'equal',
  logicalAnd: 'logicalOr',
  logicalOr: 'logicalAnd',
  'Math.max': 'Math.min',
  'Math.min': 'Math.max',
  'Math.floor': 'Math.ceil',
  'Math.ceil': 'Math.floor',
};

/** Comparisons to those that differ only where both sides are equal. */
const EDGES: Readonly<Record<string, string>> = {
  greater: 'greaterEqual',
  greaterEqual: 'greater',
  less: 'lessEqual',
  lessEqual: 'less',
};

/** Operations of one value that a test must miss when they are gone. */
const DROPPED: ReadonlySet<string> = new Set(
  'neg relu square sqrt safeSqrt abs exp log log1p expm1 softplus sigmoid logicalNot transpose stopGradient'
    .split(' ')
    .concat('Math.abs', 'Math.sqrt', 'Math.exp', 'Math.log', 'Math.hypot', 'Math.cos', 'Math.acos'),
);

/** What may stand in place of the call of an operation: its twin, its arguments the other way round, or one of them alone. */
export function operations(callee: string, given: readonly string[]): string[] {
  const call = (name: string, values = given): string => `${name}(${values.join(', ')})`;
  const changes: string[] = [];
  if (TWINS[callee]) changes.push(call(TWINS[callee]));
  if (EDGES[callee]) changes.push(call(EDGES[callee]));
  const [first, second] = given;
  if (first === undefined) return changes;
  if (DROPPED.has(callee) && given.length === 1) changes.push(first);
  if (second === undefined || given.length > 2) return changes;
  if (callee === 'add' || callee === 'mul') changes.push(first, second);
  if (callee === 'sub' || callee === 'div') changes.push(call(callee, [second, first]), first);
  return changes;
}
