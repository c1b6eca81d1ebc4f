import { SimileError } from '@simile/core/errors';

/** A command that tells our own errors in their one sentence and exits with 1: a stack says nothing to a person. */
export function plainErrors<Context>(run: (context: Context) => Promise<void>): (context: Context) => Promise<void> {
  return async (context) => {
    try {
      await run(context);
    } catch (error) {
      if (!SimileError.is(error)) throw error;
      process.stderr.write(`\n${error.message}\n`);
      process.exit(1);
    }
  };
}
