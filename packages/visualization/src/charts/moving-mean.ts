/** Mean of each value and the `count − 1` before it, fewer at the beginning; values that are not finite are passed over. */
export function movingMean(values: ArrayLike<number>, count: number): Float64Array {
  const means = new Float64Array(values.length);
  let [sum, seen] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const [entering, leaving] = [values[i]!, i >= count ? values[i - count]! : Number.NaN];
    if (Number.isFinite(entering)) [sum, seen] = [sum + entering, seen + 1];
    if (Number.isFinite(leaving)) [sum, seen] = [sum - leaving, seen - 1];
    means[i] = seen > 0 ? sum / seen : Number.NaN;
  }
  return means;
}
