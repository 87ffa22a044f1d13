import type { Clue } from './clue-index';

/** Kubernetes labels: strings by name. */
export type Labels = { readonly [name: string]: string };

/** Whether labels include all labels of a selector. An empty selector selects everything. */
export function selects(selector: Labels, labels: Labels | undefined): boolean {
  for (const name in selector) {
    if (labels?.[name] !== selector[name]) return false;
  }
  return true;
}

/** A selector in command-line syntax, with sorted labels. */
export function selectorText(selector: Labels): string {
  return Object.entries(selector).map(([name, value]) => `${name}=${value}`).sort().join(',');
}

/** Labels as clues: of a pod, what a look-up knows; of a selector, what a pod must have. */
export function labelClues(labels: Labels = {}): Clue[] {
  return Object.entries(labels).map(([name, value]) => ({ place: name, is: 'equal', value }));
}
