import type { Labels } from '../manifest/labels';
import type { ManifestOf } from '../manifest/manifest';
import type { Written } from '../manifest/written-match';
import type { CONNECTION_MATCH_FIELDS, FieldOf, HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** The conditions of a match on its callers. */
export interface StatedCaller {
  readonly labels?: Labels;
  readonly namespace?: string;
}

type Fields = typeof CONNECTION_MATCH_FIELDS & typeof HTTP_MATCH_FIELDS;
type CallerField = FieldOf<Fields, { readonly about: 'caller' }>;

/** How each field selects callers. */
const TELLS: { readonly [F in CallerField]: (value: Written[Fields[F]['shape']]) => StatedCaller } = {
  sourceLabels: labels => ({ labels }),
  sourceNamespace: namespace => ({ namespace }),
};

const FIELDS = Object.entries(TELLS) as [CallerField, (value: never) => StatedCaller][];

/** The conditions of a VirtualService's matches on callers, one per match that has some. */
export function statedCallers({ spec = {} }: ManifestOf<'VirtualService'>): StatedCaller[] {
  const matches = [...spec.http ?? [], ...spec.tcp ?? [], ...spec.tls ?? []].flatMap(({ match = [] }) => match);
  return matches.flatMap(match => {
    const told = FIELDS.flatMap(([field, tells]) => (match[field] ? [tells(match[field] as never)] : []));
    return told.length === 0 ? [] : [Object.assign({}, ...told) as StatedCaller];
  });
}
