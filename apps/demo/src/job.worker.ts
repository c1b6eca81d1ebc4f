import { expose } from 'comlink';
import { job } from './job.ts';

expose(job);
