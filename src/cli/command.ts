/** An option of a command. `--help`, the parser and the shell completions read it. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  /** The placeholder of its value in the help, such as `FILE`. A switch has none. */
  readonly value?: string;
  /** All allowed values. */
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  readonly default?: string;
  readonly summary: string;
}

/** A command. */
export interface Command {
  readonly name: string;
  /** The operands after the name, such as `PATH...`. */
  readonly operands: string;
  /** The number of operands that it takes. */
  readonly count: { readonly min: number; readonly max: number };
  /** All allowed values of an operand, unless it is a path. */
  readonly choices?: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly options: readonly Option[];
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  readonly examples: readonly (readonly [line: string, meaning: string])[];
}
