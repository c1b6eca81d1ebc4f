export { distanceNames, vectorDistance, type DistanceName, type VectorDistance } from './vector-distance.ts';
