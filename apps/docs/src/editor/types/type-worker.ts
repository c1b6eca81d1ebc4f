// The worker that knows types: TypeScript and the declarations live here, away from the page.
import { expose, proxy, type ProxyMarked } from 'comlink';
import ts from 'typescript';
import type { Declarations } from '../declarations/gather-declarations.ts';
import { unpackDeclarations } from '../declarations/pack-declarations.ts';
import { createTypeService, type TypeService } from './type-service.ts';

let declarations: Declarations = {};

const worker = {
  /** Fetches the declarations. @throws when they are not there */
  load: async (address: string): Promise<void> => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    declarations = unpackDeclarations(new Uint8Array(await response.arrayBuffer()));
  },
  /** A service for one program. */
  open: (): TypeService & ProxyMarked => proxy(createTypeService(ts, declarations)),
};

/** What the worker answers to. */
export type TypeWorker = typeof worker;

expose(worker);
