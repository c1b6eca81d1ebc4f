import type { BackendReport, BackendTrial } from './try-backend.ts';

/**
 * A report as text for a terminal: one line for what is in use, one for each backend that was tried.
 *
 * @example
 * formatBackendReport({
 *   chosen: 'simile-wasm', simd: true, relaxedSimd: true, threads: 1, training: true,
 *   tried: [{ name: 'wasm', ok: true, milliseconds: 12.3 }],
 * });
 * // Backend simile-wasm (relaxed SIMD, 1 thread), gradients proven
 * //   wasm    ok      12.3 ms a step
 */
export function formatBackendReport(report: BackendReport): string {
  const { chosen, simd, relaxedSimd, threads, training, tried } = report;
  const lanes = relaxedSimd ? 'relaxed SIMD, ' : simd ? 'SIMD, ' : '';
  const computes = `${lanes}${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const detail = tried.find(({ name }) => name === chosen)?.device ?? computes;
  const head = `Backend ${chosen} (${detail}), ${training ? 'gradients' : 'outputs'} proven`;
  return [head, ...tried.map(line)].join('\n');
}

function line({ name, ok, reason, milliseconds = 0, device }: BackendTrial): string {
  const outcome = ok ? `ok      ${milliseconds.toFixed(1)} ms a step` : `failed  ${reason}`;
  return `  ${name.padEnd(8)}${outcome}${device ? `  ${device}` : ''}`;
}
