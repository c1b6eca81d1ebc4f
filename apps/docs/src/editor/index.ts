export type { CodeError } from './diagnostics.ts';
export { mountEditor, type Editor, type EditorOptions } from './mount-editor.ts';
