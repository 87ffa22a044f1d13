import type { HTTPRoute } from '../../../manifest/istio-specs.generated';
import { matchesIn } from '../../facts/virtual-services';
import { defineRule } from '../../rule';

/** A field of a route that istiod or Envoy ignores because of other fields. */
interface Ignored {
  readonly field: string;
  readonly why: string;
  readonly repair: string;
}

export const rule = defineRule({
  id: 'ignored-beside-others',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A field has no effect because of the fields beside it',
  effect: 'Istio accepts the field and leaves it out of Envoy\'s configuration, or Envoy ignores it.',
  check(object, report) {
    object.spec?.http?.forEach((route, r) => {
      for (const { field, why, repair } of [...mirrorFields(route), ...corsFields(route), ...authorityFields(route)]) {
        report(`spec.http[${r}].${field}`, why, repair);
      }
    });
    for (const { match, path } of matchesIn(object)) {
      if (!('sourceSubnet' in match) || match.sourceSubnet === undefined) continue;
      report(`${path}.sourceSubnet`, 'Istio does not read `sourceSubnet`, so the match takes connections from every address',
        'remove it; limit callers by sourceLabels, or by ipBlocks of an AuthorizationPolicy');
    }
  },
});

function mirrorFields({ mirror, mirrors = [], mirrorPercent, mirrorPercentage, redirect, directResponse }: HTTPRoute): Ignored[] {
  // What Envoy answers by itself is the matter of another rule.
  if (redirect || directResponse) return [];
  if (mirror) {
    return mirrorPercent === undefined || mirrorPercentage === undefined ? [] : [{
      field: 'mirrorPercent', why: 'Istio reads `mirrorPercentage` in place of `mirrorPercent`', repair: 'remove mirrorPercent',
    }];
  }
  const repair = mirrors.length > 0 ? 'move it to the percentage of each entry in mirrors' : 'add a mirror, or remove the field';
  return Object.entries({ mirrorPercent, mirrorPercentage }).filter(([, value]) => value !== undefined)
    .map(([field]) => ({ field, why: `the entry has no \`mirror\`, so \`${field}\` has no effect`, repair }));
}

function corsFields({ corsPolicy }: HTTPRoute): Ignored[] {
  if (!corsPolicy) return [];
  const { allowOrigin, allowOrigins, unmatchedPreflights } = corsPolicy;
  if (allowOrigin && allowOrigins) {
    const why = 'Istio reads `allowOrigins` in place of `allowOrigin`';
    return [{ field: 'corsPolicy.allowOrigin', why, repair: 'move its origins to allowOrigins as exact values' }];
  }
  const hasOrigins = (allowOrigin ?? []).length + (allowOrigins ?? []).length > 0;
  if (hasOrigins || unmatchedPreflights === 'IGNORE') return [];
  const why = 'the policy allows no origin, so Envoy adds no CORS header to any response and answers no preflight';
  return [{ field: 'corsPolicy', why, repair: 'add allowOrigins, or remove the policy' }];
}

/** With one destination, istiod writes one authority: that of the entry before that of the destination. */
function authorityFields({ headers, rewrite, route = [] }: HTTPRoute): Ignored[] {
  const [lone, other] = route;
  const own = authorityIn(lone?.headers?.request?.set);
  const stated = rewrite?.authority || authorityIn(headers?.request?.set)?.[1];
  if (other || !own || !stated) return [];
  return [{
    field: `route[0].headers.request.set[${JSON.stringify(own[0])}]`,
    why: `the entry sets the authority '${stated}', so '${own[1]}' of its only destination has no effect`,
    repair: 'set it in one place',
  }];
}

function authorityIn(set: { readonly [name: string]: string } = {}): [name: string, value: string] | undefined {
  return Object.entries(set).find(([name, value]) => ['host', ':authority'].includes(name.toLowerCase()) && value !== '');
}
