import { expect, test } from 'vitest';
import { programText } from './program-text.ts';
import { templates } from './templates.ts';

test('the losses to begin from are the tested one and the same with one word wrong', () => {
  const [right, wrong] = templates;
  expect(right!.code).toBe(programText('loss.ts'));
  expect(wrong!.code).not.toContain('meanOfValid');
  expect(wrong!.code.replaceAll('meanOfAll', 'meanOfValid').split('\n').length).toBe(right!.code.split('\n').length);
  expect(wrong!.code).toContain('do you see it');
});

test('a program that is not there is named', () => {
  expect(() => programText('no.ts')).toThrow('There is no program no.ts');
});
