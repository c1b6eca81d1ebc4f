import { closestTurn, turn, type Turn } from './align.ts';
import { neighborhoodMap } from './neighborhood-map.ts';
import { ownKind, type Label } from './own-kind.ts';
import { projectOnto, widestPlane, type Plane, type Rows } from './plane.ts';

/** Where rows are on the map. */
export interface MapNews {
  /** `[n × 2]`, in the order of the rows. */
  readonly places: Float32Array;
  /** Of each label, the share of rows that lie nearest to one of their own: in all dimensions, not on the map. */
  readonly ownKind: ReadonlyMap<Label, number>;
}

/** A row near one that is looked up. */
export interface Near {
  /** Its place among the rows. */
  readonly row: number;
  readonly distance: number;
}

let plane: Plane | undefined;
let turned: Turn = [1, 0, 0, 1];
/** The last map that was shown, of which the next keeps the directions. */
let shown: Float32Array | undefined;
let run = 0;

const aligned = (places: Float32Array): Float32Array => {
  turned = shown ? closestTurn(places, shown) : [1, 0, 0, 1];
  return (shown = turn(turned, places));
};

/** The map, in a worker of its own, so that neither training nor page waits for it. */
export const embeddingMap = {
  /** Rows as they lie along the widest plane. Call it again as they move: the map turns as little as can be. */
  flat(rows: Rows, labels: readonly Label[]): MapNews {
    run++;
    plane = widestPlane(rows);
    return { places: aligned(projectOnto(plane, rows)), ownKind: ownKind(rows, labels) };
  },

  /** Rows by their neighbourhoods, told as they move into place. Undefined when another map was asked for meanwhile. */
  async neighborhoods(
    rows: Rows,
    seed: number,
    tell: (places: Float32Array) => void,
  ): Promise<Float32Array | undefined> {
    const mine = ++run;
    plane = undefined;
    const reference = shown;
    const toReference = (places: Float32Array): Float32Array => {
      shown = reference;
      return aligned(places);
    };
    const over = new Error('another map');
    try {
      return toReference(
        await neighborhoodMap(rows, seed, async (places) => {
          await new Promise((resolve) => setTimeout(resolve)); // others may ask in between
          if (mine !== run) throw over;
          tell(toReference(places));
        }),
      );
    } catch (error) {
      if (error === over) return undefined;
      throw error;
    }
  },

  /** Where a row that is not on the map would be: along the plane, or between its nearest rows, the nearer the more. */
  place(row: Rows, nearest: readonly Near[]): [number, number] {
    if (plane) return pair(turn(turned, projectOnto(plane, row)));
    const [mostNear] = nearest;
    if (!mostNear || !shown) return [0, 0];
    let [x, y, sum] = [0, 0, 0];
    for (const { row: at, distance } of nearest) {
      const weight = Math.exp(-4 * (distance / (mostNear.distance + 1e-6) - 1));
      [x, y, sum] = [x + weight * shown[2 * at]!, y + weight * shown[2 * at + 1]!, sum + weight];
    }
    return [x / sum, y / sum];
  },

  /** Forgets the directions: the next map is the first. */
  forget(): void {
    run++;
    plane = shown = undefined;
  },
};

/** The map as the page calls it. */
export type EmbeddingMap = typeof embeddingMap;

function pair(places: Float32Array): [number, number] {
  return [places[0]!, places[1]!];
}
