import { seeded } from '../../src/simulator/load/random';

/** Random choices that are determined by a seed. */
export class Dice {
  private readonly roll: () => number;

  constructor(seed: number) {
    this.roll = seeded(seed);
  }

  public chance(probability: number): boolean {
    return this.roll() < probability;
  }

  /** An integer within inclusive bounds. */
  public int(least: number, most: number): number {
    return least + Math.floor(this.roll() * (most - least + 1));
  }

  public pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)];
  }

  /** Some items of a list, in its order. */
  public some<T>(choices: readonly T[], probability = 0.5): T[] {
    return choices.filter(() => this.chance(probability));
  }

  public times<T>(least: number, most: number, make: (place: number) => T): T[] {
    return Array.from({ length: this.int(least, most) }, (_, place) => make(place));
  }

  public maybe<T>(probability: number, make: () => T): T | undefined {
    return this.chance(probability) ? make() : undefined;
  }

  /** An object with a random selection of fields; undefined values are omitted. */
  public fields(probability: number, makers: { readonly [field: string]: () => unknown }): { [field: string]: unknown } {
    const made = Object.entries(makers).filter(() => this.chance(probability)).map(([field, make]) => [field, make()] as const);
    return Object.fromEntries(made.filter(([, value]) => value !== undefined));
  }
}
