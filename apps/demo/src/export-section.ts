import type { Remote } from 'comlink';
import type { Job } from './job.ts';
import { answer, byId, fileLink, say } from './page.ts';
import type { ThresholdSection } from './threshold-section.ts';

/** Section 5: the model as a file. */
export function exportSection(job: Remote<Job>, threshold: ThresholdSection): void {
  const line = byId('export-status', HTMLElement);
  let last: HTMLAnchorElement | undefined;
  byId('export', HTMLButtonElement).addEventListener('click', () => {
    void answer('export-status', async () => {
      say('export-status', 'Packing …');
      const bytes = await job.save(threshold.distance);
      if (last) URL.revokeObjectURL(last.href);
      last = fileLink('digits.simile', bytes);
      line.replaceChildren(last, `, ${(bytes.length / 1e6).toFixed(1)} MB. In the folder where it is:`);
      // A browser takes a file that comes long after the click for one that nobody asked for: then the link is there.
      if (navigator.userActivation?.isActive ?? true) last.click();
    });
  });
}
