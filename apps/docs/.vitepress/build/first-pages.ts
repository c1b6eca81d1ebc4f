// Pages of the first level whose text is a file of the repository: home is put together from parts of the README.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf, siteMarkdown } from './repository.ts';

const readme = join(import.meta.dirname, '../../../../README.md');

export interface FirstPage {
  readonly params: { readonly page: string };
  readonly content: string;
}

export function firstPages(): FirstPage[] {
  return [
    { params: { page: 'index' }, content: home() },
    { params: { page: 'errors' }, content: pageOf('docs/errors.md', '.') },
    { params: { page: 'contributing' }, content: pageOf('CONTRIBUTING.md', '.') },
  ];
}

function home(): string {
  const text = readFileSync(readme, 'utf8');
  const picture = /^!\[[^\]]*\]\(docs\/neighbors\.png\)$/m.exec(text)?.[0];
  if (picture === undefined) throw new Error('the README has no picture of neighbours');
  const parts = [section(text, 'Twenty lines'), picture, section(text, 'Packages'), section(text, 'Measured')];
  return `---
layout: page
sidebar: false
title: Simile
titleTemplate: similarity learning for TypeScript
description: Similarity learning for TypeScript on TensorFlow.js, in Node and in the page.
---
<script setup lang="ts">
import { HomeHero } from '../.vitepress/theme/home-hero.ts';
</script>

<main class="home">
<HomeHero />
<div class="vp-doc home-text">

${siteMarkdown(parts.join('\n\n'), 'README.md', '.')}

</div>
</main>
`;
}

/** A section of the README with its heading. */
function section(text: string, title: string): string {
  const found = text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`));
  if (found === undefined) throw new Error(`the README has no section ${title}`);
  return found.trim();
}
