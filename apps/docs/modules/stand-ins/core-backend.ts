import { selectBackend as select, type BackendReport, type SelectBackendOptions } from '@simile/core/backend';

export * from '@simile/core/backend';

/** `selectBackend` in the sandbox: what the reader chose unless the program names a backend, with the report shown. */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<BackendReport> {
  const { backend, reportBackend } = globalThis.simileSandbox;
  const report = await select({ prefer: backend, ...options });
  reportBackend(report);
  return report;
}
