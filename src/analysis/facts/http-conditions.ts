import type { VirtualService } from './virtual-services';
import { PSEUDO_HEADERS } from '../../envoy/routes/match-places';
import type { HTTPMatchRequest, HTTPRoute, StringMatch } from '../../manifest/istio-specs.generated';
import type { WrittenField } from '../../manifest/written-match';
import { WRITTEN_FIELDS } from '../../manifest/written-match';
import type { FieldOf } from '../../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../../traffic/match-fields';
import type { TrafficIndex } from '../traffic-index';

type Shaped<S> = WrittenField & FieldOf<typeof HTTP_MATCH_FIELDS, { readonly shape: S }>;
type SingleField = Shaped<'path' | 'string-match'>;
type NamedField = Shaped<'string-matches' | 'absences'>;
/** The part of a request that a condition is about. */
export type ConditionField = SingleField | NamedField;
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

const SINGLE = WRITTEN_FIELDS.filter((field): field is SingleField => ['path', 'string-match'].includes(HTTP_MATCH_FIELDS[field].shape));
const NAMED = WRITTEN_FIELDS.filter((field): field is NamedField => ['string-matches', 'absences'].includes(HTTP_MATCH_FIELDS[field].shape));
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

/** A string of a request such as the method, also where a condition on the pseudo-header states it. */
export function isAbout(field: keyof typeof PSEUDO_HEADERS, condition: HttpCondition): boolean {
  return condition.field === field || (condition.field === 'headers' && condition.name.toLowerCase() === PSEUDO_HEADERS[field]);
}
