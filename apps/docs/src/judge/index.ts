export { loadPlugin, type LoadedPlugin, type PluginEvaluation } from './load-plugin.ts';
export { mountJudge, type JudgeOptions } from './mount-judge.ts';
