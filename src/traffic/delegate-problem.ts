import { dnsLabelProblem, objectNameProblem } from './name';
import type { Problem } from './problem';

/** The problem of a delegate's name, namespace or path prefix. */
export function delegateProblem({ name, namespace, pathPrefix }: { name: string; namespace: string; pathPrefix?: string }): Problem {
  return objectNameProblem('name', name) ?? dnsLabelProblem('namespace', namespace) ?? (pathPrefix === undefined || /^\/[^?#]*$/.test(pathPrefix) ? undefined
    : `pathPrefix '${pathPrefix}' is not a path; start it with '/', and omit the query`);
}
