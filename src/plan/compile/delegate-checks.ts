import { describeCondition } from '../../manifest/match-algebra';
import type { CompiledHost } from '../model/host-model';

/** What Istio would drop when it merges a delegate of a path into the root's VirtualService. */
export function delegateErrors({ host, blocks }: CompiledHost, pathPrefix: string): string[] {
  if (pathPrefix === '/') return [];
  const errors = new Set<string>();
  for (const block of blocks) {
    for (const { terms, route, cohort } of 'entries' in block ? block.entries : []) {
      for (const { uri } of terms) {
        if (!uri?.ignoreCase && uri?.regex === undefined) continue;
        errors.add(`${cohort?.path ?? route.path} matches the path ${describeCondition(uri)}${uri.ignoreCase ? ' in any case' : ''}, which Istio drops from the delegate of `
          + `'${pathPrefix}' on ${host}; use a prefix or an exact path in one case, or limit the statement to Audience.mesh()`);
      }
    }
  }
  return [...errors];
}
