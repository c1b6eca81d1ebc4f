import { wrap } from 'comlink';
import { backendSection } from './backend-section.ts';
import { exportSection } from './export-section.ts';
import type { Job } from './job.ts';
import type { Digit } from './job-contract.ts';
import { mapSection } from './map-section.ts';
import { answer, byId } from './page.ts';
import { showResults } from './results-section.ts';
import { searchSection } from './search-section.ts';
import { teachingSection } from './teaching-section.ts';
import { thresholdSection } from './threshold-section.ts';
import { trainingSection } from './training-section.ts';

/** Sections that need a model. */
const LATER = ['index-section', 'search-section', 'teach-section', 'export-section'];

const job = wrap<Job>(new Worker(new URL('./job.worker.ts', import.meta.url), { type: 'module', name: 'training' }));
let digits: readonly Digit[] = [];

const map = mapSection();
const threshold = thresholdSection(() => search.again());
const search = searchSection(job, threshold, {
  found: map.showFound,
  keep: (pixels) => teaching.keep(pixels),
});
const teaching = teachingSection(job, () => {
  search.again();
  void answer('teach-status', async () => map.show(await job.records(), true));
});
const backend = backendSection(job, () => search.again());
exportSection(job, threshold);
trainingSection(job, backend, {
  load: async () => {
    digits = await job.load(new URL('digits.bin', document.baseURI).href, 4);
  },
  begun: () => {
    for (const id of LATER) byId(id, HTMLElement).hidden = true;
    map.begin();
  },
  embedded: (records) => map.show(records, false),
  done: async (indexed) => {
    for (const id of LATER) byId(id, HTMLElement).hidden = false;
    threshold.open(indexed);
    search.open(digits);
    teaching.open();
    map.show(await job.records(), true);
    await answer('index-status', () => showResults(job, indexed, digits));
  },
});
