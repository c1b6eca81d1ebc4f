import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { dark, light } from './palette.ts';

/** Look of the editor, in the light and the dark of VitePress: it follows the class `dark` of the page. */
export function editorTheme(): Extension {
  return [look, syntaxHighlighting(highlight)];
}

const variables = (palette: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(palette).map(([name, color]) => [`--code-${name}`, color]));

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.self], color: 'var(--code-number)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.definition(tags.className)],
    color: 'var(--code-function)',
  },
  { tag: [tags.typeName, tags.className], color: 'var(--code-type)' },
  { tag: tags.propertyName, color: 'var(--code-property)' },
  { tag: tags.comment, color: 'var(--code-comment)' },
  { tag: tags.invalid, color: 'var(--code-error)' },
]);

const panel = {
  backgroundColor: 'var(--code-panel)',
  color: 'var(--code-text)',
  border: '1px solid var(--code-selection)',
  borderRadius: '8px',
  boxShadow: 'var(--vp-shadow-3, 0 12px 32px rgba(0, 0, 0, .1))',
};
const listItem = { padding: '3px 10px', margin: '0', lineHeight: '1.5' };

const look = EditorView.theme({
  '&': {
    ...variables({ ...light }),
    color: 'var(--code-text)',
    backgroundColor: 'var(--code-plain)',
    borderRadius: '8px',
    fontSize: '14px',
    height: '100%',
  },
  '.dark &': variables({ ...dark }),
  '&.cm-focused': { outline: '2px solid var(--vp-c-brand-1, #3451b2)', outlineOffset: '0' },
  '.cm-scroller': { fontFamily: 'var(--vp-font-family-mono, monospace)', lineHeight: '1.6', borderRadius: 'inherit' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--code-text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--code-text)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--code-panel)', color: 'var(--code-lineNumber)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.2em', padding: '0 8px 0 6px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--code-activeLine)' },
  // The selection lies below the text: a filled active line would hide it.
  '&.cm-focused:has(.cm-selectionBackground) .cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--code-lineNumber)',
  },
  '.cm-tooltip': panel,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--vp-font-family-mono, monospace)',
    maxWidth: 'min(420px, 90vw)',
    margin: '0',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { ...listItem, borderRadius: '4px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--code-selection)',
    color: 'var(--code-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { color: 'var(--code-comment)', fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': { ...panel, padding: '8px 10px', maxWidth: 'min(420px, 80vw)' },
  '.cm-description': { padding: '8px 12px', maxWidth: 'min(560px, 88vw)', maxHeight: '40vh', overflow: 'auto' },
  '.cm-description code': {
    display: 'block',
    fontFamily: 'var(--vp-font-family-mono, monospace)',
    fontSize: '13px',
    lineHeight: '1.5',
    padding: '0',
    color: 'var(--code-text)',
    backgroundColor: 'transparent',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  '.cm-description p': { margin: '6px 0 0', fontSize: '13px', lineHeight: '1.5' },
  '.cm-tooltip-hover': { maxWidth: 'min(560px, 92vw)', maxHeight: '50vh', overflow: 'auto' },
  '.cm-diagnostic': { padding: '6px 10px', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--code-error)' },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--code-error)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--code-error) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-panels': { ...panel, borderRadius: '0' },
});
