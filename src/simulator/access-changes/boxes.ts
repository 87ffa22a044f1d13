/** For each part of calls, the places of some of its values: all combinations of them. */
export type Box = readonly ReadonlySet<number>[];

/** The combinations of values of calls, each as one number. */
export class Combinations {
  private readonly factors: readonly number[];

  /** @param sizes The number of values of each part of calls. */
  constructor(private readonly sizes: readonly number[]) {
    this.factors = sizes.map((_, part) => sizes.slice(part + 1).reduce((product, size) => product * size, 1));
  }

  /** The combination of the values at these places. */
  public at(places: readonly number[]): number {
    return places.reduce((sum, place, part) => sum + place * this.factors[part], 0);
  }

  /** The combinations that are not among some. */
  public without(some: { has(combination: number): boolean }): number[] {
    const count = this.sizes.reduce((product, size) => product * size, 1);
    return Array.from({ length: count }, (_, combination) => combination).filter(combination => !some.has(combination));
  }

  /**
   * Few boxes that hold exactly some combinations, the first of which decides about the first box; undefined if there are more than `most`.
   * `impossible` combinations may be in any box.
   */
  public boxesOf(some: ReadonlySet<number>, impossible: ReadonlySet<number>, most: number): readonly Box[] | undefined {
    const left = new Set(some);
    const boxes: Set<number>[][] = [];
    for (const start of some) {
      if (!left.has(start)) continue;
      if (boxes.length === most) return undefined;
      const box = this.widened(start, combination => some.has(combination) || impossible.has(combination));
      boxes.push(box);
      for (const combination of this.within(box)) left.delete(combination);
    }
    this.prune(boxes);
    return boxes;
  }

  /** Removes from boxes the values whose combinations others hold, unless the box has all values of that part. */
  private prune(boxes: readonly Set<number>[][]): void {
    const counts = new Map<number, number>();
    for (const combination of boxes.flatMap(box => this.within(box))) counts.set(combination, (counts.get(combination) ?? 0) + 1);
    for (const box of boxes) {
      for (const [part, places] of box.entries()) {
        for (const place of places.size < this.sizes[part] ? [...places] : []) {
          const slice = this.within(box.map((own, other) => (other === part ? new Set([place]) : own)));
          if (!slice.every(combination => counts.get(combination)! > 1)) continue;
          places.delete(place);
          for (const combination of slice) counts.set(combination, counts.get(combination)! - 1);
        }
      }
    }
  }

  /** The box around a combination, which takes more values of the last parts first: those that rules name least. */
  private widened(start: number, isIn: (combination: number) => boolean): Set<number>[] {
    const box = this.sizes.map((size, part) => new Set([Math.floor(start / this.factors[part]) % size]));
    for (let part = this.sizes.length - 1; part >= 0; part--) {
      const own = box[part];
      for (let place = 0; place < this.sizes[part]; place++) {
        const added = box.map((places, other) => (other === part ? new Set([place]) : places));
        if (!own.has(place) && this.within(added).every(isIn)) own.add(place);
      }
    }
    return box;
  }

  private within(box: Box): number[] {
    return box.reduce<number[]>((sums, places, part) => {
      const steps = [...places].map(place => place * this.factors[part]);
      return sums.flatMap(sum => steps.map(step => sum + step));
    }, [0]);
  }
}
