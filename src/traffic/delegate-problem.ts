import { dnsLabelProblem, objectNameProblem } from './name';
import type { Problem } from './problem';

/** What is wrong with a delegate and its range, if anything. */
export function delegateProblem({ name, namespace, pathPrefix }: { name: string; namespace: string; pathPrefix?: string }): Problem {
  return objectNameProblem('name', name) ?? dnsLabelProblem('namespace', namespace) ?? (pathPrefix === undefined || /^\/[^?#]*$/.test(pathPrefix) ? undefined
    : `pathPrefix '${pathPrefix}' is not a path; start it with '/', without query`);
}
