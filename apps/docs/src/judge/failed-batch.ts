/** Rows with the class of each. */
export interface LabelledRows {
  readonly labels: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

/** What a failed check says: a sentence, and the batch that broke the loss where it tells one in full. */
export interface Failure {
  readonly sentence: string;
  readonly batch?: LabelledRows & { readonly name: string; readonly reference?: LabelledRows };
}

const part = String.raw`labels (\[[^\]]*\]), rows (\[(?:\[[^\]]*\],?)*\])`;
const batchAtEnd = new RegExp(String.raw`^(.*?); batch “([^”]*)”: ${part}(?:; reference: ${part})?$`, 's');

/** Reads the detail of a failed check; what is no batch, or one too large to be printed, stays a sentence. */
export function readFailure(detail: string): Failure {
  const [, sentence, name, labels, rows, otherLabels, otherRows] = batchAtEnd.exec(detail) ?? [];
  if (sentence === undefined) return { sentence: detail };
  try {
    const reference = otherLabels && otherRows ? { reference: labelled(otherLabels, otherRows) } : {};
    return { sentence, batch: { name: name!, ...labelled(labels!, rows!), ...reference } };
  } catch {
    return { sentence: detail };
  }
}

function labelled(labels: string, rows: string): LabelledRows {
  return { labels: JSON.parse(labels) as number[], rows: JSON.parse(rows) as number[][] };
}
