/** An option of a command, as `--help`, the parser and the completions of shells read it. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in the help, such as `FILE`; a switch has none. */
  readonly value?: string;
  /** All values that it may have. */
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  readonly default?: string;
  readonly summary: string;
}

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** What follows the name, such as `PATH...`. */
  readonly operands: string;
  /** How many operands it takes. */
  readonly count: { readonly min: number; readonly max: number };
  /** All values that an operand may have, if it is no path. */
  readonly choices?: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly options: readonly Option[];
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  readonly examples: readonly (readonly [line: string, meaning: string])[];
}
