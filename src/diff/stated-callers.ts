import type { Json } from '../envoy/proxy-config';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import type { Written } from '../manifest/written-match';
import type { FieldOf, HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** What a match says of its callers. */
interface StatedCaller {
  readonly labels?: Labels;
  readonly namespace?: string;
}

type Http = typeof HTTP_MATCH_FIELDS;
type CallerField = FieldOf<Http, { readonly about: 'caller' }>;

/** What each field tells callers apart by. */
const TELLS: { readonly [F in CallerField]: (value: Written[Http[F]['shape']]) => StatedCaller } = {
  sourceLabels: labels => ({ labels }),
  sourceNamespace: namespace => ({ namespace }),
};

/** What the matches of a VirtualService say of their callers, a field each. */
export function statedCallers({ spec }: KubernetesObject): StatedCaller[] {
  const matches = [spec?.http, spec?.tcp, spec?.tls].flatMap(list).flatMap(rule => list(rule?.match));
  const fields = Object.entries(TELLS);
  return matches.flatMap(match => fields.flatMap(([field, tells]) => (match?.[field] ? [tells(match[field] as never)] : [])));
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value : [];
}
