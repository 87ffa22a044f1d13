import type { MatchTerm } from '../../manifest/condition';
import { isFor } from '../model/audience';
import type { Entry } from '../model/compiled-service';
import type { CompiledHost } from '../model/host-model';
import type { ServiceModel } from '../model/service-model';
import type { Statement } from '../model/statements';

/** Statements about claims that no gateway sees: no public host of the service is among their audiences. */
export function unseenClaimErrors({ routes, cohorts, decorations, exposures }: ServiceModel): string[] {
  const isUnseen = (statement: Statement, terms: readonly MatchTerm[] = []) =>
    readClaims(terms) && !exposures.some(({ host }) => isFor(statement, host));
  const unseen: readonly (readonly Statement[])[] = [
    routes.filter(route => isUnseen(route, route.terms)),
    cohorts.filter(cohort => isUnseen(cohort, cohort.terms)),
    decorations.filter(decoration => isUnseen(decoration, decoration.condition?.terms)),
  ];
  return unseen.flat()
    .map(({ path }) => `${path} matches claims of tokens, which only gateways see, but no public host of the service is among its `
      + 'audiences; call exposeVia() for a public host, or remove the claims');
}

/** The paths of the statements about claims whose routes a host has. */
export function claimPaths({ blocks }: CompiledHost): readonly string[] {
  const entries = blocks.flatMap(block => ('entries' in block ? block.entries : [])).filter(({ terms }) => readClaims(terms));
  return [...new Set(entries.map(pathOf))].sort();
}

function readClaims(terms: readonly MatchTerm[]): boolean {
  return terms.some(({ claims, withoutClaims }) => (claims ?? withoutClaims) !== undefined);
}

/** The statement of an entry from which the claims come. */
function pathOf({ route, cohort, decorations }: Entry): string {
  const decoration = decorations.find(({ condition }) => condition && readClaims(condition.terms));
  return readClaims(route.terms) ? route.path : cohort && readClaims(cohort.terms) ? cohort.path : decoration?.path ?? route.path;
}
