import { wrap } from 'comlink';
import { backendSection } from './backend-section.ts';
import type { Digit, Job } from './job.ts';
import { answer, byId } from './page.ts';
import { showResults } from './results-section.ts';
import { searchSection } from './search-section.ts';
import { teachingSection } from './teaching-section.ts';
import { trainingSection } from './training-section.ts';

const job = wrap<Job>(new Worker(new URL('./job.worker.ts', import.meta.url), { type: 'module', name: 'training' }));
const teaching = teachingSection(job);
const showSearch = searchSection(job, teaching.keep);
let digits: readonly Digit[] = [];

backendSection(job, () => {
  byId('train', HTMLButtonElement).disabled = false;
  // A new backend has no model yet.
  for (const id of ['index-section', 'search-section', 'teach-section']) byId(id, HTMLElement).hidden = true;
});
trainingSection(
  job,
  async () => {
    digits = await job.load(new URL('digits.bin', document.baseURI).href, 4);
  },
  () =>
    answer('index-status', async () => {
      await showResults(job, digits);
      showSearch(digits);
      teaching.open();
    }),
);
