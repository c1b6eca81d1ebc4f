/**
 * The document of the sandbox's frame. Its policy lets in the frame's own script, and scripts and bytes that the sandbox itself
 * made; workers made here are held by the same policy. There is no address outside that it could ask.
 */
export function frameDocument(script: string): string {
  const nonce = crypto.randomUUID();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' blob: 'wasm-unsafe-eval'`,
    'worker-src blob:',
    'connect-src blob: data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // An end tag within a script would end it.
  const inline = script.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--');
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>Sandbox</title><script nonce="${nonce}">${inline}</script>`;
}
