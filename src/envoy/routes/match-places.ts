import type { WrittenField } from '../../manifest/written-match';
import type { FieldOf, HTTP_MATCH_FIELDS } from '../../traffic/match-fields';

type Http = typeof HTTP_MATCH_FIELDS;
/** The fields of a shape that Istio's API has. */
type OfShape<S extends Http[keyof Http]['shape']> = Extract<WrittenField, FieldOf<Http, { readonly shape: S }>>;

/** The pseudo-header that Envoy compares with each string of a request. */
export const PSEUDO_HEADERS = { method: ':method', authority: ':authority', scheme: ':scheme' } as const satisfies {
  readonly [F in OfShape<'string-match'>]: string
};
export type PseudoHeader = (typeof PSEUDO_HEADERS)[keyof typeof PSEUDO_HEADERS];

/** A list of Envoy's RouteMatch with an item for each name. */
export type NamedList = 'headers' | 'queryParameters';

/** The list for the conditions of each field that maps names. */
export const NAMED_LISTS: { readonly [F in OfShape<'string-matches' | 'absences'>]: NamedList } = {
  headers: 'headers', withoutHeaders: 'headers', queryParams: 'queryParameters',
};

/** The other fields that Envoy compares with requests: each has its own field in RouteMatch. */
export type DirectField = Exclude<
  Extract<WrittenField, FieldOf<Http, { readonly about: 'traffic' }>>, keyof typeof PSEUDO_HEADERS | keyof typeof NAMED_LISTS
>;
