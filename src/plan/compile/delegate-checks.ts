import { claimPaths } from './claim-checks';
import { describeCondition } from '../../manifest/string-condition';
import type { CompiledHost } from '../model/host-model';

/** The routes that Istio would reject in a delegate, or drop when it merges the delegate into the root VirtualService. */
export function delegateErrors(compiled: CompiledHost, pathPrefix: string): string[] {
  const { host, blocks } = compiled;
  const errors = new Set(claimPaths(compiled).map(path => `${path} matches claims of tokens, which Istio rejects in the delegate of `
    + `'${pathPrefix}' on ${host}; expose the service at a PublicHost, or limit the statement to other audiences`));
  if (pathPrefix === '/') return [...errors];
  for (const block of blocks) {
    for (const { terms, route, cohort } of 'entries' in block ? block.entries : []) {
      for (const { uri } of terms) {
        if (!uri?.ignoreCase && uri?.regex === undefined) continue;
        errors.add(`${cohort?.path ?? route.path} matches the path ${describeCondition(uri)}${uri.ignoreCase ? ' in any case' : ''}, which Istio would drop from the delegate of `
          + `'${pathPrefix}' on ${host}; use a case-sensitive prefix or exact path, or limit the statement to Audience.mesh()`);
      }
    }
  }
  return [...errors];
}
