/** Fields of the kernel's Layout, four bytes each, in the order of assembly/ivf/layout.ts. */
const LAYOUT_FIELDS = [
  'metric',
  'dimension',
  'width',
  'rowShift',
  'chunks',
  'mean',
  'scale',
  'partitions',
  'centroids',
  'centroidStep',
  'assignBias',
  'probeBias',
  'subspaces',
  'subspaceSize',
  'codebooks',
  'lists',
  'blockBytes',
  'biased',
  'leastBias',
  'mostBias',
  'parallelWeight',
  'bytes',
  'byteStride',
] as const;

/** Fields of the kernel's Context. */
const CONTEXT_FIELDS = [
  'query',
  'coded',
  'short',
  'keys',
  'probes',
  'costs',
  'tables',
  'histogram',
  'found',
  'capacity',
  'count',
  'wanted',
  'bound',
  'shift',
  'within',
  'highest',
  'perCost',
  'spill',
  'heap',
  'kept',
  'distances',
  'slots',
  'allowed',
  'allowedWords',
  'scanned',
  'shortStep',
  'guess',
  'probeCount',
  'firstKey',
  'sink',
] as const;

/** Fields of the kernel's Request. */
const REQUEST_FIELDS = [
  'queries',
  'allowed',
  'allowedWords',
  'probes',
  'wanted',
  'keep',
  'root',
  'counts',
  'slots',
  'distances',
] as const;

/** Fields of the kernel's Room. */
const ROOM_FIELDS = ['contexts', 'entries', 'short', 'keys', 'spare'] as const;

/** Names of each struct's fields. */
interface StructFields {
  readonly layout: (typeof LAYOUT_FIELDS)[number];
  readonly context: (typeof CONTEXT_FIELDS)[number];
  readonly request: (typeof REQUEST_FIELDS)[number];
  readonly room: (typeof ROOM_FIELDS)[number];
}
/** A struct of the kernel. */
export type Struct = keyof StructFields;
export type StructField<Name extends Struct> = StructFields[Name];

/** The fields of each struct, in their order. */
export const STRUCTS: { readonly [Name in Struct]: readonly StructField<Name>[] } = {
  layout: LAYOUT_FIELDS,
  context: CONTEXT_FIELDS,
  request: REQUEST_FIELDS,
  room: ROOM_FIELDS,
};

/** Fields that hold a float32; all others are whole numbers. */
export const FLOAT_FIELDS: ReadonlySet<string> = new Set<StructField<Struct>>([
  'scale',
  'centroidStep',
  'leastBias',
  'mostBias',
  'parallelWeight',
  'perCost',
  'shortStep',
  'guess',
  'firstKey',
]);

/** Metrics that rows can be coded for, as the kernel numbers them. */
export const METRIC_NUMBERS: Readonly<Record<string, number>> = {
  cosine: 0,
  'inner-product': 1,
  euclidean: 2,
  'squared-euclidean': 2,
  snr: 3,
};

/** Rows of a block of a list. */
export const BLOCK_ROWS = 32;
/** Words of a subspace: what four bits tell apart. */
export const WORDS = 16;
/** Bins of a context's histogram. */
export const BINS = 8192;

export const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** Sizes that follow from dimension, metric and subspace size. */
export interface IvfShape {
  readonly metric: number;
  readonly dimension: number;
  /** Dimension, rounded up to a multiple of four. */
  readonly width: number;
  /** Values of a row as it is coded, those beyond the dimension 0. */
  readonly stride: number;
  readonly subspaces: number;
  readonly subspaceSize: number;
  /** Bytes of a row's codes. */
  readonly codeBytes: number;
  /** Whether rows have a bias. */
  readonly biased: boolean;
  readonly blockBytes: number;
  /** Bytes of an int8 row. */
  readonly byteStride: number;
}

export function ivfShape(metric: string, dimension: number, subspaceSize: number): IvfShape {
  const width = roundUp(dimension, 4);
  const subspaces = roundUp(Math.ceil(dimension / subspaceSize), 2);
  const number = METRIC_NUMBERS[metric]!;
  const biased = number >= 2;
  const byteRow = roundUp(width, 16) + 8;
  // Whole lines of 64 bytes where that costs little.
  const byteStride = roundUp(byteRow, 64) <= byteRow * 1.25 ? roundUp(byteRow, 64) : roundUp(byteRow, 16);
  return {
    metric: number,
    dimension,
    width,
    stride: roundUp(Math.max(width, subspaces * subspaceSize), 4),
    subspaces,
    subspaceSize,
    codeBytes: subspaces / 2,
    biased,
    blockBytes: roundUp(BLOCK_ROWS * ((biased ? 8 : 4) + subspaces / 2), 64),
    byteStride,
  };
}
