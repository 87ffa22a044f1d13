/** How much work a proof may be. What is left open when it is used up is `not decided`. */
export class Budget {
  private left: number;

  constructor(steps: number) {
    this.left = steps;
  }

  public get isUsedUp(): boolean {
    return this.left <= 0;
  }

  /** Takes some steps; false where there are none left. */
  public take(steps = 1): boolean {
    this.left -= steps;
    return this.left > 0;
  }
}
