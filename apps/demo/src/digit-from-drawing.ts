const SIDE = 28;
/** MNIST digits fill a box of this side, and lie in the middle by their mass. */
const BOX = 20;

/** Ink of a drawing, 0 to 255, row-major. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly ink: Uint8Array;
}

/**
 * A drawing as MNIST would hold it: cut to its ink, scaled to a box of 20 × 20, its centre of mass in the middle of
 * 28 × 28. Undefined for an empty drawing.
 */
export function digitFromDrawing({ width, height, ink }: Drawing): Uint8Array | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ink[y * width + x]! < 32) continue;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (right < 0) return undefined;
  const scale = Math.max(right - left + 1, bottom - top + 1) / BOX;

  // Mean ink of the square of the drawing that pixel (x, y) stands for, the box's corner at the origin.
  const meanInk = (x: number, y: number): number => {
    let [sum, area] = [0, 0];
    const [fromX, toX] = [left + x * scale, left + (x + 1) * scale];
    const [fromY, toY] = [top + y * scale, top + (y + 1) * scale];
    for (let row = Math.floor(fromY); row < toY; row++) {
      const high = Math.min(row + 1, toY) - Math.max(row, fromY);
      for (let column = Math.floor(fromX); column < toX; column++) {
        const share = high * (Math.min(column + 1, toX) - Math.max(column, fromX));
        area += share;
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        if (inside) sum += share * ink[row * width + column]!;
      }
    }
    return area > 0 ? sum / area : 0;
  };

  let [mass, massX, massY] = [0, 0, 0];
  for (let y = 0; y < BOX; y++) {
    for (let x = 0; x < BOX; x++) {
      const value = meanInk(x, y);
      [mass, massX, massY] = [mass + value, massX + value * x, massY + value * y];
    }
  }
  // Whole pixels, so that nothing is blurred twice.
  const shift = (moment: number): number => Math.round((SIDE - 1) / 2 - moment / mass);
  const [shiftX, shiftY] = [shift(massX), shift(massY)];
  const digit = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) digit[y * SIDE + x] = Math.round(meanInk(x - shiftX, y - shiftY));
  }
  return digit;
}
