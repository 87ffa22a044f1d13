/** Labels as Kubernetes takes them: texts by name. */
export type Labels = { readonly [name: string]: string };

/** Whether labels have all of a selector's; an empty selector takes everything. */
export function selects(selector: Labels, labels: Labels | undefined): boolean {
  for (const name in selector) {
    if (labels?.[name] !== selector[name]) return false;
  }
  return true;
}

/** A selector as it is written on a command line, whatever the order of its labels. */
export function selectorText(selector: Labels): string {
  return Object.entries(selector).map(([name, value]) => `${name}=${value}`).sort().join(',');
}
