import { expose } from 'comlink';
import { embeddingMap } from './embedding-map.ts';

expose(embeddingMap);
