import { checkInteger, checkNames, checkOneOf, SimileError, type ErrorCode } from '@simile/core/errors';
import { checkItems, flipItems, itemSize, type Items, type LabelledItems } from '@simile/core/items';
import type { FlippedClass, MultiShotSamplerOptions } from './multi-shot-sampler.ts';

function failure(where: string, code: ErrorCode, rule: string, got: unknown, remedy: string): SimileError {
  return new SimileError({ where, rule, got, remedy, code });
}

/** Options are known and in range. @throws `ERR_OPTION` */
export function checkOptions(where: string, options: MultiShotSamplerOptions): void {
  checkNames(where, options, KNOWN);
  const { classesPerBatch, examplesPerClass = 2, totalExamplesPerClass = 1, stepsPerEpoch = 1000, seed = 0 } = options;
  const { onShortClass = 'error', shuffle = true } = options;
  if (classesPerBatch === undefined) {
    throw failure(where, 'ERR_OPTION', 'classesPerBatch must be given', undefined, 'Say how many classes a batch has.');
  }
  checkInteger(where, { classesPerBatch, examplesPerClass, totalExamplesPerClass, stepsPerEpoch }, 1);
  checkInteger(where, { seed }, Number.MIN_SAFE_INTEGER);
  checkOneOf(where, { onShortClass }, ['error', 'repeat', 'drop']);
  checkOneOf(where, { shuffle }, [true, false]);
}

const KNOWN: readonly (keyof MultiShotSamplerOptions)[] = [
  'classesPerBatch',
  'examplesPerClass',
  'classes',
  'flippedClasses',
  'totalExamplesPerClass',
  'stepsPerEpoch',
  'seed',
  'augment',
  'shuffle',
  'onShortClass',
];

/** Shapes agree, there is something, and every float is a number. @throws `ERR_SHAPE`, `ERR_DATA` */
export function checkData(where: string, { x, labels }: LabelledItems): void {
  checkItems(where, x);
  const count = x.shape[0]!;
  if (!(labels instanceof Int32Array)) {
    throw failure(where, 'ERR_DTYPE', 'labels must be an Int32Array', labels, 'Convert with Int32Array.from(labels).');
  }
  if (labels.length !== count) {
    const remedy = 'Give one class id for each item.';
    throw failure(where, 'ERR_SHAPE', `labels must have ${count} values, one for each item`, labels.length, remedy);
  }
  checkFiniteItems(where, x);
}

/** Items whose shape is theirs, at least one, and every float a number. @throws `ERR_SHAPE`, `ERR_DATA` */
export function checkFiniteItems(where: string, x: Items): void {
  checkItems(where, x);
  if (x.data.length === 0)
    throw failure(where, 'ERR_DATA', 'the data must hold items', x.shape, 'Give at least one item.');
  if (!(x.data instanceof Float32Array)) return;
  const bad = x.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const rule = `row ${Math.floor(bad / itemSize(x.shape))} of the data must hold finite numbers`;
    throw failure(where, 'ERR_DATA', rule, x.data[bad], 'Repair that row or leave it out.');
  }
}

/** The classes are in the data, once each. @throws `ERR_OPTION`, `ERR_DATA` */
export function checkClasses(where: string, classes: readonly number[], rowsOf: ReadonlyMap<number, Int32Array>): void {
  const twice = classes.find((id, i) => classes.indexOf(id) !== i);
  if (twice !== undefined) throw failure(where, 'ERR_OPTION', 'classes must differ', twice, 'Name each class once.');
  const missing = classes.find((id) => !rowsOf.has(id));
  if (missing !== undefined) {
    const present = [...rowsOf.keys()].sort((a, b) => a - b);
    const list = present.length > 20 ? `${present.slice(0, 20).join(', ')}, … (${present.length})` : present.join(', ');
    throw failure(
      where,
      'ERR_DATA',
      `classes must be among those of the data: ${list}`,
      missing,
      'Check the class ids.',
    );
  }
}

/** Flipped classes come from classes in use, and the items are images. @throws `ERR_OPTION`, `ERR_SHAPE` */
export function checkFlips(
  where: string,
  flipped: readonly FlippedClass[],
  classes: readonly number[],
  shape: readonly number[],
): void {
  for (const { from, flip } of flipped) {
    checkOneOf(where, { flip }, ['horizontal', 'vertical']);
    if (!classes.includes(from)) {
      const remedy = 'Add it to classes, or leave its flip out.';
      throw failure(where, 'ERR_OPTION', 'a flipped class must come from a class in use', from, remedy);
    }
    flipItems({ data: new Float32Array(0), shape: [0, ...shape.slice(1)] }, flip); // throws if these are not images
  }
}

/** Each class has enough examples, and there are enough classes. @throws `ERR_DATA`, `ERR_OPTION` */
export function checkCounts(
  where: string,
  classes: readonly { id: number; rows: Int32Array }[],
  options: Required<Pick<MultiShotSamplerOptions, 'classesPerBatch' | 'examplesPerClass' | 'onShortClass'>>,
): void {
  const { classesPerBatch, examplesPerClass, onShortClass } = options;
  const short = classes.find(({ rows }) => rows.length < examplesPerClass);
  if (short && onShortClass === 'error') {
    const rule = `class ${short.id} must have at least examplesPerClass = ${examplesPerClass} examples`;
    const remedy = "Lower examplesPerClass, or set onShortClass to 'repeat' or 'drop'.";
    throw failure(where, 'ERR_DATA', rule, short.rows.length, remedy);
  }
  if (classesPerBatch > classes.length) {
    const dropped = onShortClass === 'drop' ? `, of those with ${examplesPerClass} examples or more` : '';
    const rule = `classesPerBatch must be at most the number of classes in use, ${classes.length}${dropped}`;
    throw failure(where, 'ERR_OPTION', rule, classesPerBatch, 'Lower classesPerBatch, or use more classes.');
  }
}

/** What an augmenter gave back has one item for each that went in. @throws `ERR_SHAPE` */
export function checkAugmented(where: string, changed: Items<Float32Array>, count: number): Items<Float32Array> {
  checkItems(where, changed);
  if (changed.shape[0] !== count) {
    const rule = `augment must return ${count} items, as many as it got`;
    throw failure(where, 'ERR_SHAPE', rule, changed.shape[0], 'Return one item for each.');
  }
  return changed;
}

/** The slice lies inside. @throws `ERR_OPTION` */
export function checkSlice(where: string, begin: number, size: number, most: number): void {
  checkInteger(where, { begin, size }, 0);
  if (begin + size > most) {
    const remedy = 'Ask for fewer, or begin earlier.';
    throw failure(where, 'ERR_OPTION', `a slice must end at ${most} or before`, `${begin} + ${size}`, remedy);
  }
}
