// The oldest supported Node: FLOOR_NODE, or the pinned package node-floor (Linux x64).
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@tooling/checks/run';

/** Program of the floor Node, or why there is none. */
export function floorNode(): { readonly program: string; readonly version: string } | { readonly missing: string } {
  const program = process.env['FLOOR_NODE'] ?? join(root, 'node_modules/node-floor/bin/node');
  if (!existsSync(program)) {
    return { missing: 'node-floor is for Linux x64 only: set FLOOR_NODE to a Node 20.19 to run this here' };
  }
  return { program, version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim() };
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the floor Node without pnpm's NODE_PATH, so that only declared dependencies resolve. */
export function runFloor(
  program: string,
  args: readonly string[],
  { cwd, timeout, env: more }: { cwd: string; timeout: number; env?: Readonly<Record<string, string>> },
): Promise<Run> {
  const env = { ...process.env, NODE_PATH: '', NODE_TEST_CONTEXT: '', ...more };
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      const late = error?.killed ? `\nstopped after ${timeout / 1000} s` : '';
      resolve({ code, stdout, stderr: stderr + late });
    });
  });
}
