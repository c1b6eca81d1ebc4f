import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('the home page exists', () => {
  expect(existsSync(join(import.meta.dirname, '../pages/index.md'))).toBe(true);
});
