import { metadataFinding, metadataWords } from './access/metadata-match';
import type { GeneratedHeader } from './generated-header';
import { generatedWords, meetsCondition } from './generated-header';
import { queryOf, startsWithIgnoringCase, withoutQuery } from './path';
import type { Request } from './request';
import { headerOf, headerValuesOf } from './request';
import type { StringMatcher } from './string-matcher';
import { regexMatcher, stringMatcher } from './string-matcher';
import { PSEUDO_HEADERS } from '../envoy/routes/match-places';
import type { HeaderMatcher, MetadataMatcher, QueryParameterMatcher, StringMatcher as StringMatch } from '../envoy/xds/matcher';
import type { RouteMatch } from '../envoy/xds/route';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** One condition of a route's match. */
export interface Condition {
  /** Whether a request meets it; undefined if that depends on what only the connection tells. */
  readonly takes: (request: Request) => boolean | undefined;
  /** Why a request does not meet it, or why that is not known. */
  readonly failure: (request: Request) => string;
  /** The condition in words. */
  readonly words: string;
}

/** The conditions of a route's match, which are ANDed. Throws if Envoy would reject one. */
export function conditionsOf(match: RouteMatch): Condition[] {
  return [
    ...pathCondition(match),
    ...(match.headers ?? []).map(headerCondition),
    ...(match.queryParameters ?? []).map(queryCondition),
    ...(match.grpc === undefined ? [] : [GRPC]),
    ...(match.dynamicMetadata ?? []).map(metadataCondition),
    ...Object.keys(match).filter(field => !KNOWN.has(field)).map(unknownCondition),
  ];
}

/** The fields that are read. Simulated requests have no values for others. */
const KNOWN: ReadonlySet<string> = new Set<keyof RouteMatch>([
  'prefix', 'path', 'safeRegex', 'pathSeparatedPrefix', 'caseSensitive', 'headers', 'queryParameters', 'grpc', 'dynamicMetadata',
]);

function unknownCondition(field: string): Condition {
  const words = `a condition on ${field}, which is not read`;
  return { takes: () => undefined, failure: () => `it has ${words}`, words };
}

/** A condition on a claim of the verified token. Without such a token, no claim has a value. */
function metadataCondition(match: MetadataMatcher): Condition {
  const { invert = false } = match;
  const words = metadataWords(match);
  return {
    takes: ({ verified = 'none' }) => {
      const { met } = metadataFinding(match, verified);
      return met === undefined ? undefined : met !== invert;
    },
    failure: ({ verified }) => {
      const { met, why } = metadataFinding(match, verified ?? 'none');
      if (met !== false) return met ? `${words}, and it does` : why;
      return verified === undefined ? `${words}, but no RequestAuthentication applies to this proxy, so that no claim has a value` : why;
    },
    words,
  };
}

const GRPC: Condition = {
  takes: request => /^application\/grpc(?:$|[+;])/.test(headerOf(request, 'content-type') ?? ''),
  failure: () => 'it is not a gRPC request',
  words: 'it is a gRPC request',
};

function pathCondition(match: RouteMatch): Condition[] {
  const ignoreCase = match.caseSensitive === false;
  if (match.prefix !== undefined) return match.prefix === '/' ? [] : [onPath(stringMatcher({ prefix: match.prefix, ignoreCase }))];
  if (match.path !== undefined) return [onPath(stringMatcher({ exact: match.path, ignoreCase }))];
  if (match.safeRegex !== undefined) return [onPath(regexMatcher(match.safeRegex.regex))];
  if (match.pathSeparatedPrefix === undefined) return [];
  const prefix = match.pathSeparatedPrefix;
  const starts = ignoreCase ? startsWithIgnoringCase : (text: string, start: string) => text.startsWith(start);
  return [onPath({
    takes: text => starts(text, prefix) && (text.length === prefix.length || text[prefix.length] === '/'),
    words: `be '${prefix}' or below it`,
  })];
}

function onPath({ takes, words }: StringMatcher): Condition {
  return {
    takes: ({ path }) => takes(withoutQuery(path)),
    failure: ({ path }) => `the path is '${withoutQuery(path)}' but must ${words}`,
    words: `the path must ${words}`,
  };
}

const PSEUDO: ReadonlyMap<string, string> = new Map([
  [':path', 'the path'],
  ...(Object.keys(PSEUDO_HEADERS) as (keyof typeof PSEUDO_HEADERS)[]).map(field => (
    [PSEUDO_HEADERS[field], `the ${HTTP_MATCH_FIELDS[field].words}`] as const)),
]);

/** The condition on a header, without its inversion. */
interface HeaderTest {
  readonly takes: (value: string) => boolean;
  readonly words: string;
}

function headerCondition(match: HeaderMatcher): Condition {
  const name = match.name.toLowerCase();
  const inverted = match.invertMatch === true;
  const what = PSEUDO.get(name) ?? `header ${match.name}`;
  const generatedIn = (request: Request) => request.generated?.get(name);
  const values = (request: Request) => headerValuesOf(request, name) ?? (match.treatMissingHeaderAsEmpty === true ? [''] : undefined);
  const failure = (request: Request, words: string) => {
    const generated = generatedIn(request);
    return generated ? `${what} must ${words} and is ${generatedWords(generated)}`
      : `${what} ${valuesInWords(headerValuesOf(request, name))} but must ${words}`;
  };
  const test = headerTest(match);
  if (test === undefined) {
    const wanted = (match.presentMatch !== false) !== inverted;
    const has = wanted ? 'be present' : 'be absent';
    return {
      takes: request => {
        const generated = generatedIn(request);
        return generated?.mayBeAbsent === true ? undefined : (generated !== undefined || values(request) !== undefined) === wanted;
      },
      failure: request => failure(request, has),
      words: `${what} must ${has}`,
    };
  }
  const words = inverted ? `not ${test.words}` : test.words;
  return {
    // Envoy tests each line of a repeated header. An absent header meets no condition, not even an inverted one.
    takes: request => {
      const generated = generatedIn(request);
      if (generated) return meetsGenerated(generated, match, inverted);
      const all = values(request);
      return all !== undefined && all.some(test.takes) !== inverted;
    },
    failure: request => failure(request, words),
    words: `${what} must ${words}`,
  };
}

/** Whether a header that Envoy writes meets a condition; undefined if that depends on its value. */
function meetsGenerated(generated: GeneratedHeader, match: HeaderMatcher, inverted: boolean): boolean | undefined {
  const stringMatch = stringMatchOf(match);
  // Neither an address nor an id is an integer.
  const isMet = stringMatch ? meetsCondition(generated, stringMatch) : false;
  if (generated.mayBeAbsent !== true) return isMet === undefined ? undefined : isMet !== inverted;
  return isMet === false && !inverted && match.treatMissingHeaderAsEmpty !== true ? false : undefined;
}

function valuesInWords(values: readonly string[] | undefined): string {
  return values === undefined ? 'is absent' : `is ${values.map(value => `'${value}'`).join(' and ')}`;
}

/** The string condition of a header, from `stringMatch` or from the older fields. Undefined without one. */
function stringMatchOf(
  { stringMatch, exactMatch, prefixMatch, suffixMatch, containsMatch, safeRegexMatch }: HeaderMatcher,
): StringMatch | undefined {
  if (stringMatch !== undefined) return stringMatch;
  const match = { exact: exactMatch, prefix: prefixMatch, suffix: suffixMatch, contains: containsMatch, safeRegex: safeRegexMatch };
  return Object.values(match).some(value => value !== undefined) ? match : undefined;
}

function headerTest(match: HeaderMatcher): HeaderTest | undefined {
  if (match.rangeMatch !== undefined) {
    const [start, end] = [Number(match.rangeMatch.start ?? 0), Number(match.rangeMatch.end ?? 0)];
    return {
      takes: text => /^-?\d+$/.test(text) && Number(text) >= start && Number(text) < end,
      words: `be an integer from ${start} to below ${end}`,
    };
  }
  const stringMatch = stringMatchOf(match);
  return stringMatch && stringMatcher(stringMatch);
}

function queryCondition(match: QueryParameterMatcher): Condition {
  const what = `query parameter ${match.name}`;
  const test: HeaderTest = match.stringMatch === undefined ? { takes: () => true, words: 'be present' } : stringMatcher(match.stringMatch);
  return {
    takes: request => {
      const value = queryParameter(request.path, match.name);
      return match.presentMatch === false ? value === undefined : value !== undefined && test.takes(value);
    },
    failure: request => {
      const value = queryParameter(request.path, match.name);
      return `${what} ${value === undefined ? 'is absent' : `is '${value}'`} but must ${match.presentMatch === false ? 'be absent' : test.words}`;
    },
    words: `${what} must ${match.presentMatch === false ? 'be absent' : test.words}`,
  };
}

/** The first value of a parameter, not decoded. */
function queryParameter(path: string, name: string): string | undefined {
  const query = queryOf(path);
  if (query === '') return undefined;
  for (const pair of query.slice(1).split('&')) {
    const equals = pair.indexOf('=');
    if ((equals < 0 ? pair : pair.slice(0, equals)) === name) return equals < 0 ? '' : pair.slice(equals + 1);
  }
  return undefined;
}
