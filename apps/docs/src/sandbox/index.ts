export { createSandbox, type Sandbox } from './create-sandbox.ts';
export type { Ending, Output, Program, Shown, ShownPicture, ShownTable, Vitals } from './output.ts';
