import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { Written, WrittenConnectionMatch, WrittenHttpMatch } from '../manifest/written-match';
import type { CONNECTION_MATCH_FIELDS, FieldOf, HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** What a match compares with a listener: its port, and its Gateways or `mesh`. */
export interface ListenerPlace {
  readonly port: number;
  readonly gateways: ReadonlySet<string>;
}

/** What a match compares with the calling workload. */
export interface CallerPlace {
  readonly namespace: string;
  readonly labels?: Labels;
}

type Fields = typeof CONNECTION_MATCH_FIELDS & typeof HTTP_MATCH_FIELDS;
/** The tests of the fields that istiod evaluates itself. Envoy gets no condition for them. */
type Tests<About, Place> = {
  readonly [F in FieldOf<Fields, { readonly about: About }>]: (value: Written[Fields[F]['shape'] & keyof Written], place: Place) => boolean
};

const LISTENER_TESTS: Tests<'listener', ListenerPlace> = {
  port: (value, { port }) => Number(value) === port,
  gateways: (value, { gateways }) => value.some(gateway => gateways.has(gateway)),
};

const CALLER_TESTS: Tests<'caller', CallerPlace> = {
  sourceLabels: (value, { labels }) => selects(value, labels),
  sourceNamespace: (value, { namespace }) => value === namespace,
};

type Match = WrittenHttpMatch | WrittenConnectionMatch;
type Test<P> = readonly [field: string, test: (value: never, place: P) => boolean];

const LISTENER: readonly Test<ListenerPlace>[] = Object.entries(LISTENER_TESTS);
const CALLER: readonly Test<CallerPlace>[] = Object.entries(CALLER_TESTS);

/** Whether a match applies to a listener, for any caller. */
export function isForListener(match: Match, place: ListenerPlace): boolean {
  return LISTENER.every(test => holds(match, test, place));
}

/** Whether a match applies to a caller, at any listener. */
export function isForCaller(match: Match, place: CallerPlace): boolean {
  return CALLER.every(test => holds(match, test, place));
}

/** Whether a field is unset or holds. In Istio's API, an empty value is unset. */
function holds<P>(match: Match, [field, test]: Test<P>, place: P): boolean {
  const value: unknown = match[field as keyof Match];
  return !value || (Array.isArray(value) && value.length === 0) || test(value as never, place);
}
