import { SimileError, type ErrorCode } from '@simile/core/errors';
import { dispose, type Tensor } from '@simile/core/ops';
import { CheckFailure, type Check } from './check.ts';
import { onBackend, tensorCount, type TestBackend } from './on-backend.ts';

/** A call that must be refused: inputs of its own, made anew each time. */
export interface BadCall {
  readonly name: string;
  readonly code: ErrorCode;
  readonly inputs: () => Tensor[];
  readonly call: (inputs: Tensor[]) => unknown;
}

/** Checks that bad input is refused with a SimileError and its code, and leaves nothing behind. */
export function refusalChecks(calls: readonly BadCall[], backend: TestBackend): Check[] {
  return calls.map(({ name, code, inputs, call }) =>
    onBackend(`refuses ${name}`, backend, () => {
      const tensors = inputs();
      const before = tensorCount();
      let error: unknown;
      try {
        call(tensors);
      } catch (thrown) {
        error = thrown;
      }
      const left = tensorCount() - before;
      dispose(tensors);
      if (error === undefined) throw new CheckFailure('it answered as if nothing were wrong');
      if (!SimileError.is(error)) throw new CheckFailure(`it threw ${String(error)}, not a SimileError`);
      if (error.code !== code)
        throw new CheckFailure(`its code is ${error.code} in place of ${code}: ${error.message}`);
      if (left !== 0) throw new CheckFailure(`${left} tensors were left behind`);
    }),
  );
}
