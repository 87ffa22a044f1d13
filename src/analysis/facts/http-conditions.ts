import type { VirtualService } from './virtual-services';
import type { HTTPMatchRequest, HTTPRoute, StringMatch } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** The part of a request that a condition is about. */
export type ConditionField = 'uri' | 'method' | 'scheme' | 'authority' | 'headers' | 'withoutHeaders' | 'queryParams';
export type ConditionKind = 'exact' | 'prefix' | 'regex';

/** A condition on a string of a request, with its place. */
export interface HttpCondition {
  readonly field: ConditionField;
  /** The name of the header or query parameter; empty for the other fields. */
  readonly name: string;
  readonly kind: ConditionKind;
  readonly value: string;
  readonly path: string;
  readonly match: HTTPMatchRequest;
  readonly route: HTTPRoute;
}

const SINGLE = ['uri', 'method', 'scheme', 'authority'] as const satisfies readonly ConditionField[];
const NAMED = ['headers', 'withoutHeaders', 'queryParams'] as const satisfies readonly ConditionField[];
const KINDS: readonly ConditionKind[] = ['exact', 'prefix', 'regex'];

/** The conditions of a VirtualService on strings of its requests. */
export function httpConditions(object: VirtualService, index: TrafficIndex): readonly HttpCondition[] {
  return index.memoOf(object, findConditions);
}

/** Those on one part of the requests. */
export function conditionsOn(field: ConditionField, object: VirtualService, index: TrafficIndex): readonly HttpCondition[] {
  return httpConditions(object, index).filter(condition => condition.field === field);
}

function findConditions(object: VirtualService): readonly HttpCondition[] {
  const found: HttpCondition[] = [];
  object.spec?.http?.forEach((route, r) => route.match?.forEach((match, m) => {
    const add = (field: ConditionField, name: string, condition: StringMatch, path: string) => {
      for (const kind of KINDS) {
        const value = condition[kind];
        if (value !== undefined) found.push({ field, name, kind, value, path: `${path}.${kind}`, match, route });
      }
    };
    const place = `spec.http[${r}].match[${m}]`;
    for (const field of SINGLE) if (match[field]) add(field, '', match[field], `${place}.${field}`);
    for (const field of NAMED) {
      for (const [name, condition] of Object.entries(match[field] ?? {})) {
        add(field, name, condition, `${place}.${field}[${JSON.stringify(name)}]`);
      }
    }
  }));
  return found;
}

/** The method, scheme or authority, also where a condition on the pseudo-header states it. */
export function isAbout(field: 'method' | 'scheme' | 'authority', condition: HttpCondition): boolean {
  return condition.field === field || (condition.field === 'headers' && condition.name.toLowerCase() === `:${field}`);
}
