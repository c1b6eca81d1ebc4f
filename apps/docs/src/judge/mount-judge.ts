import './judge.css';
import { mountLossJudge } from './mount-loss-judge.ts';
import { mountPluginLab } from './mount-plugin-lab.ts';

/** What a page asks of the judge. */
export interface JudgeOptions {
  /** `loss`: a loss is held against the conformance suite. `plugin`: losses of a plugin are seen in the lab. Default `loss`. */
  readonly part?: 'loss' | 'plugin';
}

/**
 * Puts one part of the judge into an element.
 *
 * @returns what takes it away again
 */
export function mountJudge(element: HTMLElement, { part = 'loss' }: JudgeOptions = {}): () => void {
  return part === 'plugin' ? mountPluginLab(element) : mountLossJudge(element);
}
