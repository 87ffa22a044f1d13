import { METHODS } from 'node:http';
import type { SentRequest } from './sent-request';

/** The choices of a generator. */
export interface Choices {
  oneOf<T>(list: readonly T[]): T;
}

/** What makes a request odd: Envoy rejects it, or reads it differently than it looks. */
type Oddity = (request: SentRequest, choices: Choices) => SentRequest;

const withHeaders = (headers: SentRequest['headers']): Oddity => request => ({ ...request, headers: { ...request.headers, ...headers } });
const withPath = (change: (path: string, query: string) => string): Oddity => request => {
  const mark = request.path.indexOf('?');
  return { ...request, path: mark < 0 ? change(request.path, '') : change(request.path.slice(0, mark), request.path.slice(mark)) };
};
const valuesOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** Repeats a header of the request, or one that Envoy stores inline: before it, after it, or with the same value. */
const repeated: Oddity = (request, { oneOf }) => {
  const name = oneOf([...Object.keys(request.headers), 'x-repeated', 'accept', 'cookie', 'x-forwarded-for', 'user-agent']);
  const [first = 'a'] = valuesOf(request.headers[name]);
  const values = oneOf([[first, 'other'], ['other', first], [first, first], ['', first], [`${first},other`], ['1', first, '2']]);
  return { ...request, headers: { ...request.headers, [name]: values } };
};

/** Methods that Envoy, or Node as the upstream, does not know. */
const UNKNOWN_METHODS = [
  'M-SEARCH', 'get', 'FOO', 'G@T', 'PRI', 'DESCRIBE', 'REPORTS', 'A'.repeat(300), 'GETX', 'GET/', '-', '*',
];
const KNOWN_METHODS = ['TRACE', 'PATCH', 'MKCALENDAR', 'PURGE', 'ACL', 'UNSUBSCRIBE', 'MERGE', 'LINK'].filter(method =>
  METHODS.includes(method),
);

const ENDS = [
  '%00', '/%00/..', '%', '%2', '%zz', ' ', '/a b', '/\u00e4', '\x01', '\t', '\x7f', '%2f', '%2F..%2Fx', '%5c', '//', '///x//',
  '/..', '/%2e%2e%2f', '/"<>', '/%C3%A4', '/%5C..%5C', '%2e%2e', '/.%2e/', ';a=b', '/..;/', '/%252F',
  '%c0%af', '/\\\\x',
];
const HOSTS: readonly (string | readonly string[])[] = [
  'a/b', 'a b', '\u00e4.example.com', 'a"b', '', ['a.example.com', 'b.example.com'],
  'a@b', 'a:b', '[::1]', 'a..b', 'a%2fb', '*', 'a,b', '.', 'A.EXAMPLE.COM',
];

const UNREADABLE: readonly SentRequest['headers'][] = [
  { 'x y': '1' }, { 'x@y': '1' }, { 'x"': '1' }, { 'x-a': '\x00' }, { 'x-a': 'a\x1bb' }, { 'x-a': 'a\x7f' }, { 'content-length': '-1' },
  {
    'content-length': ['0', '0'],
  }, { 'content-length': 'abc' }, { 'content-length': ['0', '1'] }, { 'content-length': '0, 0' }, { 'content-length': '+0' },
  { 'content-length': '0x0' },
  { 'content-length': '' }, { 'content-length': '9'.repeat(25) }, {
    'transfer-encoding': ['chunked', 'gzip'],
  }, { 'transfer-encoding': 'chunked, chunked' },
  { 'content-length': '1', 'transfer-encoding': 'chunked' },
  { 'transfer-encoding': 'gzip' }, { 'transfer-encoding': 'identity' }, { connection: ['close', 'x-forwarded-for'] },
  { connection: ['close', 'host'] }, { 'x-a': 'a'.repeat(90_000) }, { 'x-a': Array<string>(101).fill('1') },
];

const READABLE: readonly SentRequest['headers'][] = [
  { 'x-a': '\u00e4' }, { 'x-a': 'a\tb' }, { x_a: '1' }, {
    'x-a': Array<string>(80).fill('1'),
  }, { 'x-a': 'a'.repeat(50_000) }, { 'content-length': '0' },
  { 'connection': ['close', 'x-a'], 'x-a': '1' }, { connection: ['close', 'upgrade'], upgrade: 'foo' },
  {
    connection: ['close', 'upgrade'],
    upgrade: 'websocket',
  }, { connection: ['close', 'Upgrade'], upgrade: 'WebSocket' }, { upgrade: 'foo' },
  { connection: ['close', 'upgrade'], upgrade: 'h2c' }, { te: 'gzip' }, { te: 'trailers' }, { 'x-envoy-retry-on': '5xx' },
  { 'x-envoy-upstream-rq-timeout-ms': '1' }, { 'x-forwarded-client-cert': 'By=x' }, { 'x-envoy-decorator-operation': 'x' },
  { 'x-envoy-original-path': '/x' }, { 'x-request-id': 'mine' }, { 'x-envoy-external-address': '203.0.113.7' }, { 'x-b3-traceid': '1' },
  { 'x-forwarded-for': ['10.0.0.1', '203.0.113.7'] }, { 'x-forwarded-for': '' }, { 'x-forwarded-host': 'other.example.org' },
  { 'x-envoy-internal': 'true' },
];

const ODDITIES: readonly (readonly [weight: number, oddity: Oddity])[] = [
  [8, repeated],
  [2, (request, { oneOf }) => ({ ...request, method: oneOf(UNKNOWN_METHODS) })],
  [1, (request, { oneOf }) => ({ ...request, method: oneOf(KNOWN_METHODS) })],
  [4, (request, choices) => withPath((path, query) => `${path}${choices.oneOf(ENDS)}${query}`)(request, choices)],
  [
    1,
    (request, choices) =>
      withPath((path, query) => `${path}${query === '' ? '?' : query}${choices.oneOf(['%00', '%zz', '"<>', '//', '%2f', '\u00e4', ' '])}`)(
        request,
        choices,
      ),
  ],
  [2, (request, { oneOf }) => ({ ...request, authority: oneOf(HOSTS) })],
  [4, (request, choices) => withHeaders(choices.oneOf(UNREADABLE))(request, choices)],
  [4, (request, choices) => withHeaders(choices.oneOf(READABLE))(request, choices)],
  [
    4,
    (request, { oneOf }) =>
      withHeaders({ 'x-forwarded-proto': oneOf(['https', 'http', 'HTTPS', 'ftp', '', ['https', 'https']]) })(request, { oneOf }),
  ],
  [1, request => ({ ...request, version: 'HTTP/1.0' })],
];
const ALL: readonly Oddity[] = ODDITIES.flatMap(([weight, oddity]) => Array<Oddity>(weight).fill(oddity));

/** The request with an oddity. */
export function odd(request: SentRequest, choices: Choices): SentRequest {
  return choices.oneOf(ALL)(request, choices);
}
