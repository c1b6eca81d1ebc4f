export { cases, type Case } from './cases.ts';
export { standingsOn, type Standings } from './standings.ts';
export { nameOf } from './table.ts';
