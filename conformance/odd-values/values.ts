import type { Dice } from '../fuzz/dice';

/** Existing and unknown commands of Envoy's formatter, and arguments. */
const COMMANDS = ['REQ', 'RESP', 'TRAILER', 'PROTOCOL', 'DURATION', 'START_TIME', 'EMIT_TIME', 'DYNAMIC_METADATA', 'UPSTREAM_METADATA', 'CLUSTER_METADATA',
  'FILTER_STATE', 'UPSTREAM_FILTER_STATE', 'PER_REQUEST_STATE', 'GRPC_STATUS', 'COMMON_DURATION', 'METADATA', 'PATH', 'QUERY_PARAM',
  'QUERY_PARAMS', 'ENVIRONMENT',
  'REQUESTED_SERVER_NAME', 'RESPONSE_CODE_DETAILS', 'CEL', 'COALESCE', 'HOSTNAME', 'DOWNSTREAM_REMOTE_ADDRESS',
  'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_REMOTE_ADDRES', 'DOWNSTREAM_PEER_CERT_V_START', 'UPSTREAM_HOST', 'UPSTREAM_HOST_NAME', 'TRACE_ID', 'REQ_WITHOUT_QUERY', 'Req',
  'req', 'X', '', 'A-B', '1'];
const ARGUMENTS = ['', 'x', ':path', 'a?b', 'a?b?c', 'a b', 'a:b', 'a:b:c', '["a", "b"]', '["a"]', '[]', 'x:PLAIN', 'x:FIELD', 'x:FIELD:y', 'x:plain', 'NUMBER',
  'CAMEL_STRING', 'a:b:ms', 'a:b:s', 'ROUTE:a', 'route:a', 'WQ', 'NQ:ORIG', 'ORIG', '%Y-%m-%d', '%n', '%3f', 'é', 'request.path', 'a == b',
  'a = b', 'a ? b : c', 'SNI_FIRST', 'HOST_FIRST:HOST',
  '%', '\\', 'DS_RX_BEG:DS_TX_END:us', 'DYNAMIC:a:b', ' ', '?', 'a?'];
const AROUND = ['', '', '', 'a', ' ', '%%', '100%', 'x%%y', 'é', '\t'];

/** A header value with valid and invalid commands. */
export function format(dice: Dice): string {
  const command = () => {
    const argument = dice.chance(0.55) ? `(${dice.pick(ARGUMENTS)})` : '';
    return `%${dice.pick(COMMANDS)}${argument}${dice.chance(0.05) ? ':3' : ''}${dice.chance(0.97) ? '%' : ''}`;
  };
  return dice.times(1, 2, () => `${dice.pick(AROUND)}${dice.chance(0.85) ? command() : ''}`).join('') + dice.pick(AROUND);
}

const REGEXES = ['a', '', '*', '(', 'a{1000}', 'a{1001}', '(a{30}){30}', '(abcdefghijklmnopqrstuvwxyz0123456789){1000}', `(${'a'.repeat(900)}){1000}`, '\\x{100}', '\\x{ff}', '\\x{10FFFF}',
  '\\C', '(?=a)', '\\1', '[é-ê]', '\\pL+', '\\p{Greek}', '(?i)abc', '(?P<n>a)', '(?<n>a)', '\\Qa.b\\E', '[[:alpha:]]', '.*', 'a|', '(?s).',
  '\\z', '^$', '\\d{3}', 'a**', '[a', '\n', '\\x00',
  '\\\\x{100}', '[\\x{100}-\\x{200}]', '(a|b|c){500}', 'a'.repeat(1024), 'a'.repeat(1025), 'é'.repeat(600)];
const DURATIONS = ['0s', '1ns', '1us', '1ms', '500us', '1.5s', '-1s', '-1ms', '5', '5x', '', '1h30m', '24h', '2147483647s', '2147483648s', '4294967296s', '9223372035s', '9223372036s',
  '9223372036.854775807s', '9223372037s', '315576000000s', '2562047h', '2562048h', '0.001s', '+1s', '1d'];
const STRINGS = ['', ' ', '/', '*', 'a', 'a b', 'a\nb', 'a\rb', '\n', 'a\u0000b', 'a\tb', 'é', '\u{1F600}', 'a:b', 'a/b', 'a?b', '/a#b', 'a;b', 'a,b', '"a"', '%', '%%', '{}', '..', '../a',
  'a.b', 'a.b:80', '10.0.0.1', '[::1]:80', '::1', 'host', 'Host', ':authority', ':path', ':x', 'HTTP',
  'https', 'x'.repeat(64), 'x'.repeat(256), 'x'.repeat(1025), 'x'.repeat(16_384), 'x'.repeat(16_385),
  '__proto__', 'constructor', 'http://a/', 'a@b', 'NONE', '-', '_', '0', '600', '5xx', '503', 'a=b', '\u007F', '\u0001'];
const NUMBERS = [-1, 0, 1, 2, 99, 100, 101, 199, 200, 299, 300, 301, 302, 303, 304, 307, 308, 399, 429, 500,
  503, 599, 600, 601, 1000, 1024, 65535, 65536, 65537, 8388607, 8388608,
  8388609, 5000011, 5000012, 16777216, 2147483646, 2147483647, 2147483648, 4294967295, 4294967296, 0.5, 0.00001, 99.9999, 100.0001, 1e12];

/** Fields that hold regexes, durations and header values in the manifests. */
const REGEX_FIELDS = /\.(regex|match)$/;
const DURATIONS_OF = ['timeout', 'perTryTimeout', 'backoff', 'fixedDelay', 'maxAge', 'ttl', 'connectTimeout', 'idleTimeout', 'maxConnectionDuration', 'time',
  'interval', 'baseEjectionTime', 'duration', 'budgetInterval', 'reportingInterval'];
export const DURATION_FIELDS = new RegExp(`\\.(${DURATIONS_OF.join('|')})$`);
export const FORMAT_FIELDS = /\.headers\.(request|response)\.(set|add)\./;

const EXPRESSION_FIELDS = /\.expression$/;
const EXPRESSIONS = [
  '',
  'a',
  'a b',
  'a.b == 1',
  'string(1)',
  'foo(1)',
  'a.startsWith("b")',
  'a.matches("(")',
  'has(a)',
  'has(a.b)',
  '[1].all(x, x)',
  'size(a)',
  'A{}',
  '1 +',
  'a in [1]',
  'response.code >= 400',
  'request.headers["x"].size() > 1',
  'int(a)',
  'duration("1s") > a',
  'a.getHours() == 1',
  '99999999999999999999',
  '(',
  '"a',
  'true',
  'a.lowerAscii()',
  'a ? b : c',
  'a.namespace == "b"',
  'a.true',
  'namespace == a',
  'a.`b-c` == 1',
  '0x1U == 1u',
  'has((a.b))',
  'has(-a.b)',
  '5 - 9223372036854775808 == a',
  '-9223372036854775808 == a',
  '"\\q" == a',
  'r"\\q" == a',
  'a.matches(r"\\d(")',
  'a.matches(\'"(\')',
];

/** An odd value in place of a field's value. */
export function oddValue(dice: Dice, place: string, value: unknown): unknown {
  if (typeof value === 'number') return dice.pick(NUMBERS);
  if (typeof value !== 'string') return dice.pick([true, false]);
  if (FORMAT_FIELDS.test(place) && dice.chance(0.85)) return format(dice);
  if (DURATION_FIELDS.test(place) && dice.chance(0.9)) return dice.pick(DURATIONS);
  if (REGEX_FIELDS.test(place) && dice.chance(0.85)) return dice.pick(REGEXES);
  if (EXPRESSION_FIELDS.test(place)) return dice.pick(EXPRESSIONS);
  return dice.chance(0.1) ? format(dice) : dice.pick(STRINGS);
}

/** An odd key for a map, such as the name of a header. */
export function oddKey(dice: Dice): string {
  // A YAML key has at most 1024 characters.
  return dice.pick(STRINGS.filter(text => text.length <= 1000));
}
