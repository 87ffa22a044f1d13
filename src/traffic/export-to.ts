import { dnsLabelProblem } from './name';
import type { Problem } from './problem';

/** The problem of a list of namespaces in `exportTo`. */
export function exportToProblem(exportTo: readonly string[], namespace: string): Problem {
  if (exportTo.length === 0) return 'exportTo is an empty list, which Istio reads as all namespaces; omit it, or add namespaces';
  const named = exportTo.map(entry => (entry === '.' ? namespace : entry));
  const twice = named.find((entry, i) => named.indexOf(entry) !== i);
  if (twice !== undefined) return `exportTo contains '${twice}' twice ('.' is '${namespace}'); use each namespace once`;
  if (named.includes('~')) return 'exportTo \'~\' hides the hosts from every namespace; use \'.\' for the namespace of the object';
  if (named.includes('*')) return named.length > 1 ? 'exportTo contains \'*\', which includes all others; remove the others' : undefined;
  return named.map(entry => dnsLabelProblem('exportTo', entry)).find(problem => problem !== undefined);
}
