/** Where a mutated program asks which of its mistakes it makes; all of them are compiled into it. */
export class Switchboard {
  /** The mistake that is made; none below 0. */
  public active = -1;
  /** The mistakes whose places have been reached since it was cleared. */
  public readonly reached = new Set<number>();
  private turns = 0;

  /** Called at the place of each mistake: whether it is made. */
  public readonly is = (id: number): boolean => {
    this.reached.add(id);
    return this.active === id;
  };

  /** Called at each turn of a loop, so that none goes on for ever. */
  public readonly turn = (): void => {
    if (++this.turns > MOST_TURNS) throw new Error('the loop does not end');
  };

  /** Runs something with a mistake. */
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

/** No generated mesh takes a tenth of these. */
const MOST_TURNS = 5_000_000;
