/**
 * Why something failed, as part of a longer message: without the id, remedy and code of an error of ours, and with the
 * system's own words where `fetch` hides them.
 */
export function reasonOf(error: unknown): string {
  const { message = String(error), cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  const inner = cause?.code ?? cause?.message;
  const ours = /^[\w-]+: (.*?)\. [^.]*\. \[\w+\]$/.exec(message)?.[1];
  return ours ?? (inner ? `${message} (${inner})` : message);
}
