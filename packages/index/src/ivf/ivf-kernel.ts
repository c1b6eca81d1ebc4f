/** What assembly/ivf.ts exports: addresses and numbers. */
export interface IvfExports {
  readonly transformRows: (layout: number, from: number, count: number, to: number, stride: number) => void;
  readonly packCentroids: (from: number, count: number, width: number, perStep: number, to: number) => void;
  readonly assign: (
    layout: number,
    rows: number,
    count: number,
    stride: number,
    short: number,
    keys: number,
    lists: number,
  ) => void;
  readonly addUp: (
    rows: number,
    count: number,
    stride: number,
    width: number,
    lists: number,
    sums: number,
    counts: number,
  ) => void;
  readonly subtractCentroids: (
    layout: number,
    rows: number,
    count: number,
    stride: number,
    lists: number,
    centroids: number,
    to: number,
  ) => void;
  readonly trainWords: (
    layout: number,
    pieces: number,
    count: number,
    stride: number,
    words: number,
    rounds: number,
    room: number,
  ) => void;
  readonly encode: (
    layout: number,
    rows: number,
    residuals: number,
    count: number,
    stride: number,
    codes: number,
    biases: number,
    errors: number,
    room: number,
  ) => void;
  readonly putBytes: (layout: number, rows: number, count: number, stride: number, slots: number) => void;
  readonly putRow: (layout: number, list: number, place: number, slot: number, bias: number, codes: number) => void;
  readonly moveRow: (layout: number, list: number, from: number, to: number, room: number) => number;
  readonly readCodes: (layout: number, list: number, place: number, codes: number) => void;
  readonly begin: (layout: number, context: number, probes: number, wanted: number) => void;
  readonly scanTogether: (layout: number, contexts: number, count: number, room: number) => void;
  readonly endSearch: (layout: number, context: number, keep: number, root: number) => number;
  readonly search: (
    layout: number,
    context: number,
    probes: number,
    wanted: number,
    keep: number,
    root: number,
  ) => number;
  readonly rankSlots: (layout: number, context: number, list: number, count: number, keep: number) => void;
  readonly finish: (layout: number, context: number, root: number) => number;
  readonly longestSquare: (rows: number, count: number, width: number) => number;
  readonly areFinite: (values: number, count: number) => number;
}
