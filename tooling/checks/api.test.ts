import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstDifference, reportName } from './api.ts';

test('a report is named after its package and subpath', () => {
  assert.equal(reportName('/x/packages/core', '.'), 'core');
  assert.equal(reportName('/x/packages/core', './random'), 'core.random');
});

test('the first line that differs is shown', () => {
  assert.equal(firstDifference('', 'a'), 'it is not there');
  assert.equal(firstDifference('a\n  b\n', 'a\n  c\n'), 'line 2: b → c');
  assert.equal(firstDifference('a\nb', 'a'), 'line 2: b → nothing');
});
