import { expect, test } from 'vitest';
import { frameDocument } from './frame-document.ts';

test('no address outside is allowed, and the script is the only inline one', () => {
  const html = frameDocument('start()');
  const [, policy] = /content="([^"]*)"/.exec(html)!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*|'self'|'unsafe-inline'|'unsafe-eval'/);
  const [, allowed] = /'nonce-([\w-]+)'/.exec(policy!)!;
  expect(html).toContain(`<script nonce="${allowed}">start()</script>`);
  expect(frameDocument('start()')).not.toContain(allowed);
});

test('a script cannot end its own element', () => {
  expect(frameDocument('const a = "</script><!--"').match(/<\/script|<!--/g)).toEqual(['</script']);
});
