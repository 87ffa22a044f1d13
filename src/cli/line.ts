/** The style of a part of a line. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';

export interface Styled {
  readonly text: string;
  readonly styles: readonly Style[];
}

type Part = string | Styled;

/** One line of output. The terminal escapes it, so strings from manifests can be used directly. */
export type Line = string | readonly Part[];

export function styled(text: string, ...styles: readonly Style[]): Styled {
  return { text, styles };
}

/** A line of strings, numbers, styled strings and other lines. */
export function line(strings: TemplateStringsArray, ...values: readonly (Part | Line | number)[]): Line {
  return strings.flatMap((text, i) => [text, ...(i < values.length ? partsOf(values[i]) : [])]);
}

/** The parts of a line. */
export function partsOf(value: Part | Line | number): readonly Part[] {
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' || 'text' in value ? [value] : value;
}

/** Blocks of lines with an empty line between them. */
export function separated(blocks: readonly (readonly Line[])[]): Line[] {
  return blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block]));
}
