export {
  checkDistanceName,
  distanceNames,
  isDistanceName,
  vectorDistance,
  type DistanceName,
  type VectorDistance,
} from './vector-distance.ts';
