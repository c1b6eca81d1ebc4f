/** Colours of code, `#rrggbb`. Every one has a contrast of at least 4.5 on each background that code can have. */
export interface Palette {
  readonly text: string;
  readonly keyword: string;
  readonly string: string;
  readonly number: string;
  readonly function: string;
  readonly type: string;
  readonly property: string;
  readonly comment: string;
  readonly lineNumber: string;
  readonly error: string;
}

/** Backgrounds that code can have: plain, the line with the cursor, selected, a panel above the rest. */
export interface Backgrounds {
  readonly plain: string;
  readonly activeLine: string;
  readonly selection: string;
  readonly panel: string;
}

/** Colours on a light page. */
export const light: Palette & Backgrounds = {
  text: '#24292e',
  keyword: '#b31d35',
  string: '#0a4a86',
  number: '#00509e',
  function: '#5f32a8',
  type: '#8a3b00',
  property: '#24292e',
  comment: '#565d66',
  lineNumber: '#555b63',
  error: '#b31d35',
  plain: '#f6f6f7',
  activeLine: '#eeeef2',
  selection: '#d3def7',
  panel: '#ffffff',
};

/** Colours on a dark page. */
export const dark: Palette & Backgrounds = {
  text: '#e1e4e8',
  keyword: '#ff938d',
  string: '#a9d4ff',
  number: '#8cc4ff',
  function: '#ceb4ff',
  type: '#ffbc85',
  property: '#e1e4e8',
  comment: '#a3abb5',
  lineNumber: '#a6a9b1',
  error: '#ff9a9e',
  plain: '#161618',
  activeLine: '#202127',
  selection: '#2f3a5c',
  panel: '#202127',
};
