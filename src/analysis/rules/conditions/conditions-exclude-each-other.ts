import { PSEUDO_HEADERS } from '../../../envoy/routes/match-places';
import type { HTTPMatchRequest, StringMatch } from '../../../manifest/istio-specs.generated';
import { both, isWithin } from '../../../manifest/string-condition';
import { defineRule } from '../../rule';

/** Two conditions of one match, with the fields of both. */
type Pair = readonly [field: string, condition: StringMatch, other: string, otherCondition: StringMatch];

const PSEUDO = Object.entries(PSEUDO_HEADERS) as [keyof typeof PSEUDO_HEADERS, string][];

/** What a condition on the header `:path`, which has the query, says of the path alone; undefined for a regex. */
function ofPathAlone({ exact, prefix }: StringMatch): StringMatch | undefined {
  const [path, query] = (exact ?? prefix ?? '').split('?');
  if (exact !== undefined || query !== undefined) return { exact: path };
  return prefix === undefined ? undefined : { prefix };
}

/** The condition on the path, and the one on the header `:path` as far as it is about the path. */
function pathPairs({ uri, headers = {}, ignoreUriCase = false }: HTTPMatchRequest): Pair[] {
  if (uri === undefined || ignoreUriCase) return [];
  return Object.entries(headers).flatMap(([name, condition]): Pair[] => {
    const stated = name.toLowerCase() === ':path' ? ofPathAlone(condition) : undefined;
    return stated ? [[`headers[${JSON.stringify(name)}]`, stated, 'uri', uri]] : [];
  });
}

/** The conditions on one header under names that differ in case, or under the name of its own field. */
function pairsOf(match: HTTPMatchRequest): Pair[] {
  const known = new Map<string, readonly [field: string, condition: StringMatch]>();
  for (const [field, header] of PSEUDO) if (match[field]) known.set(header, [field, match[field]]);
  return Object.entries(match.headers ?? {}).flatMap(([name, condition]): Pair[] => {
    const key = name.toLowerCase();
    const other = known.get(key);
    const field = `headers[${JSON.stringify(name)}]`;
    if (!other) known.set(key, [field, condition]);
    return other ? [[field, condition, ...other]] : [];
  });
}

/** The headers that must be both present and absent. */
function deniedIn({ headers = {}, withoutHeaders = {} }: HTTPMatchRequest): Pair[] {
  const known = new Map(Object.entries(headers).map(([name, condition]) => (
    [name.toLowerCase(), [`headers[${JSON.stringify(name)}]`, condition] as const])));
  return Object.entries(withoutHeaders).flatMap(([name, absent]): Pair[] => {
    const there = known.get(name.toLowerCase());
    return there ? [[`withoutHeaders[${JSON.stringify(name)}]`, absent, ...there]] : [];
  });
}

/** The first two conditions that no request meets together. */
function contradiction(match: HTTPMatchRequest): Pair | undefined {
  return [...pairsOf(match), ...pathPairs(match)].find(([, condition, , other]) => both(condition, other) === 'nothing')
    ?? deniedIn(match).find(([, absent, , there]) => isWithin(there, absent));
}

export const rule = defineRule({
  id: 'conditions-exclude-each-other',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'Two conditions of a match exclude each other',
  effect: 'A request has to meet all conditions of a match. The route takes nothing.',
  check(object, report) {
    object.spec?.http?.forEach((route, r) => route.match?.forEach((match, m) => {
      const [field, , other] = contradiction(match) ?? [];
      if (field === undefined) return;
      report(`spec.http[${r}].match[${m}].${field}`,
        `what meets ${other} does not meet ${field}, and a request must meet both: this match takes nothing`,
        'remove one of the two, or write two matches if one of them is enough');
    }));
  },
});
