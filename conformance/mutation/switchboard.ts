/** Tells a mutated program which of its compiled-in mistakes is active. */
export class Switchboard {
  /** The active mistake; none if negative. */
  public active = -1;
  /** The mistakes whose places were reached since the last reset. */
  public readonly reached = new Set<number>();
  private turns = 0;

  /** Called at the place of each mistake. Returns whether it is active. */
  public readonly is = (id: number): boolean => {
    this.reached.add(id);
    return this.active === id;
  };

  /** Called at each iteration of a loop, so none is infinite. */
  public readonly turn = (): void => {
    if (++this.turns > MOST_TURNS) throw new Error('the loop does not end');
  };

  /** Runs a function with an active mistake. */
  public with<T>(mistake: number, run: () => T): T {
    this.active = mistake;
    this.turns = 0;
    try {
      return run();
    } finally {
      this.active = -1;
    }
  }
}

/** No generated mesh needs a tenth of these. */
const MOST_TURNS = 5_000_000;
