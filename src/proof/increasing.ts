/** The places of a longest increasing subsequence. */
export function increasing(values: readonly number[]): Set<number> {
  /** For each length the place of the smallest last value. */
  const ends: number[] = [];
  const before = values.map(() => -1);
  values.forEach((value, place) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (values[ends[middle]] < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[place] = ends[low - 1];
    ends[low] = place;
  });
  const places = new Set<number>();
  for (let place = ends.length > 0 ? ends[ends.length - 1] : -1; place >= 0; place = before[place]) places.add(place);
  return places;
}
