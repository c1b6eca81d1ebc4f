/** Where each pixel of the result comes from: `x = xx·column + xy·row + x0`, `y = yx·column + yy·row + y0`. */
export interface AffineMap {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** How an image is changed; see `randomWarp` for the units. */
export interface AffineChange {
  readonly rotation: number;
  readonly logScaleX: number;
  readonly logScaleY: number;
  readonly shear: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/**
 * Inverse of q = R·H·S·(p − c) + c + t about the centre c: S scales along both axes, H shears (x grows by `shear` for each
 * pixel down), R turns counter-clockwise as seen with y pointing down, t shifts.
 */
export function inverseAffine(change: AffineChange, height: number, width: number): AffineMap {
  const angle = (change.rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [shrinkX, shrinkY] = [Math.exp(-change.logScaleX), Math.exp(-change.logScaleY)];
  // S⁻¹ · H⁻¹ · R⁻¹, with R = [cos, sin; −sin, cos] and H = [1, shear; 0, 1]
  const xx = shrinkX * (cos - change.shear * sin);
  const xy = shrinkX * (-sin - change.shear * cos);
  const yx = shrinkY * sin;
  const yy = shrinkY * cos;
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const [fromX, fromY] = [centreX + change.shiftX, centreY + change.shiftY];
  return { xx, xy, x0: centreX - xx * fromX - xy * fromY, yx, yy, y0: centreY - yx * fromX - yy * fromY };
}
