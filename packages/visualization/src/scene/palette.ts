/**
 * Colours by what they say. Right and wrong are the blue and vermilion that stay apart in every common colour blindness
 * (Okabe & Ito, 2008), a shade darker for contrast on white.
 */
export type Role =
  | 'ground'
  | 'card'
  | 'ink'
  | 'faint'
  | 'grid'
  | 'right'
  | 'wrong'
  | 'unknown'
  | 'series-1'
  | 'series-2'
  | 'series-3'
  | 'series-4';

export type Palette = Readonly<Record<Role, string>>;

export const light: Palette = {
  ground: '#ffffff',
  card: '#f3f5f8',
  ink: '#1b2330',
  faint: '#56616f',
  grid: '#dde3ea',
  right: '#0069a8',
  wrong: '#b84300',
  unknown: '#66707d',
  'series-1': '#0069a8',
  'series-2': '#b84300',
  'series-3': '#00735a',
  'series-4': '#8a4580',
};

export const dark: Palette = {
  ground: '#11161d',
  card: '#1c242e',
  ink: '#e8edf3',
  faint: '#a3b1c0',
  grid: '#2c3743',
  right: '#5cb8ee',
  wrong: '#ff9350',
  unknown: '#a3adb9',
  'series-1': '#5cb8ee',
  'series-2': '#ff9350',
  'series-3': '#3fcf9f',
  'series-4': '#e3a0d4',
};
