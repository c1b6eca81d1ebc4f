import type { Remote } from 'comlink';
import type { Job } from './job.ts';
import { answer, byId, download, say } from './page.ts';
import type { ThresholdSection } from './threshold-section.ts';

/** Section 5: the model as a file. */
export function exportSection(job: Remote<Job>, threshold: ThresholdSection): void {
  byId('export', HTMLButtonElement).addEventListener('click', () => {
    void answer('export-status', async () => {
      const bytes = await job.save(threshold.distance);
      download('digits.simile', bytes);
      say('export-status', `digits.simile, ${(bytes.length / 1e6).toFixed(1)} MB. In the folder where it is:`);
    });
  });
}
