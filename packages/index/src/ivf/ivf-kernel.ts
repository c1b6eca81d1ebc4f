/** What assembly/ivf.ts exports: addresses and numbers. */
export interface IvfExports {
  readonly transformRows: (layout: number, from: number, count: number, to: number, stride: number) => void;
  readonly packCentroids: (from: number, count: number, width: number, perStep: number, to: number) => void;
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
  readonly assignMany: (
    room: number,
    from: number,
    to: number,
    layout: number,
    rows: number,
    stride: number,
    lists: number,
  ) => void;
  readonly codeMany: (
    room: number,
    from: number,
    to: number,
    layout: number,
    raw: number,
    stride: number,
    coded: number,
    residuals: number,
    centroids: number,
    lists: number,
    codes: number,
    biases: number,
    errors: number,
  ) => void;
  readonly trainMany: (
    room: number,
    from: number,
    to: number,
    layout: number,
    residuals: number,
    words: number,
    count: number,
    stride: number,
    rounds: number,
  ) => void;
  readonly searchMany: (room: number, from: number, to: number, layout: number, request: number) => void;
  readonly putBytes: (layout: number, rows: number, count: number, stride: number, slots: number) => void;
  readonly putRow: (layout: number, list: number, place: number, slot: number, bias: number, codes: number) => void;
  readonly moveRow: (layout: number, list: number, from: number, to: number, room: number) => number;
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
