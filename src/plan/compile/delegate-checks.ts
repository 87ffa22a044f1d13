import { describeCondition } from '../../manifest/string-condition';
import type { CompiledHost } from '../model/host-model';

/** The routes that Istio would drop when it merges a delegate into the root VirtualService. */
export function delegateErrors({ host, blocks }: CompiledHost, pathPrefix: string): string[] {
  if (pathPrefix === '/') return [];
  const errors = new Set<string>();
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
