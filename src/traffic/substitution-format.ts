import { celRuntimeObjection } from './cel-runtime';
import type { Objection } from './objection';

/** Commands of Envoy's substitution formatter that take no argument. */
const PLAIN = new Set(`
  ACCESS_LOG_TYPE BYTES_RECEIVED BYTES_RETRANSMITTED BYTES_SENT CONNECTION_ID CONNECTION_TERMINATION_DETAILS CUSTOM_FLAGS
  DOWNSTREAM_CX_RTT DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT
  DOWNSTREAM_DETECTED_CLOSE_TYPE DOWNSTREAM_DIRECT_LOCAL_ADDRESS DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID
  DOWNSTREAM_DIRECT_LOCAL_PORT DOWNSTREAM_DIRECT_REMOTE_ADDRESS DOWNSTREAM_DIRECT_REMOTE_PORT DOWNSTREAM_HANDSHAKE_DURATION
  DOWNSTREAM_HEADER_BYTES_RECEIVED DOWNSTREAM_HEADER_BYTES_SENT DOWNSTREAM_LOCAL_ADDRESS DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID
  DOWNSTREAM_LOCAL_CLOSE_REASON DOWNSTREAM_LOCAL_DNS_SAN DOWNSTREAM_LOCAL_EMAIL_SAN DOWNSTREAM_LOCAL_IP_SAN
  DOWNSTREAM_LOCAL_OTHERNAME_SAN DOWNSTREAM_LOCAL_PORT DOWNSTREAM_LOCAL_SUBJECT DOWNSTREAM_LOCAL_URI_SAN DOWNSTREAM_PEER_CERT
  DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_1 DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_256 DOWNSTREAM_PEER_CHAIN_SERIALS DOWNSTREAM_PEER_DNS_SAN
  DOWNSTREAM_PEER_EMAIL_SAN DOWNSTREAM_PEER_FINGERPRINT_1 DOWNSTREAM_PEER_FINGERPRINT_256 DOWNSTREAM_PEER_IP_SAN
  DOWNSTREAM_PEER_ISSUER DOWNSTREAM_PEER_ISSUER_FINGERPRINT_256 DOWNSTREAM_PEER_ISSUER_SERIAL DOWNSTREAM_PEER_OTHERNAME_SAN
  DOWNSTREAM_PEER_SERIAL DOWNSTREAM_PEER_SUBJECT DOWNSTREAM_PEER_URI_SAN DOWNSTREAM_REMOTE_ADDRESS DOWNSTREAM_REMOTE_PORT
  DOWNSTREAM_TLS_CIPHER DOWNSTREAM_TLS_GROUP DOWNSTREAM_TLS_SESSION_ID DOWNSTREAM_TLS_VERSION DOWNSTREAM_TRANSPORT_FAILURE_REASON
  DOWNSTREAM_WIRE_BYTES_RECEIVED DOWNSTREAM_WIRE_BYTES_SENT DURATION FILTER_CHAIN_NAME GRPC_STATUS_NUMBER HOSTNAME LISTENER_NAME
  LOCAL_REPLY_BODY PACKETS_RETRANSMITTED PROTOCOL REQUEST_DURATION REQUEST_HEADERS_BYTES REQUEST_TX_DURATION RESPONSE_CODE
  RESPONSE_DURATION RESPONSE_FLAGS RESPONSE_FLAGS_LONG RESPONSE_HEADERS_BYTES RESPONSE_TRAILERS_BYTES RESPONSE_TX_DURATION
  ROUNDTRIP_DURATION ROUTE_NAME ROUTE_RESOLUTION_COUNT ROUTE_RESOLUTION_TIME_US SPAN_ID STREAM_ID TLS_JA3_FINGERPRINT
  TLS_JA4_FINGERPRINT TRACE_ID UNIQUE_ID UPSTREAM_CLUSTER UPSTREAM_CLUSTER_RAW UPSTREAM_CONNECTION_ID
  UPSTREAM_CONNECTION_IDS_ATTEMPTED UPSTREAM_CONNECTION_POOL_READY_DURATION UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED
  UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT UPSTREAM_DETECTED_CLOSE_TYPE UPSTREAM_HEADER_BYTES_RECEIVED UPSTREAM_HEADER_BYTES_SENT
  UPSTREAM_HOST UPSTREAM_HOSTS_ATTEMPTED UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT UPSTREAM_HOST_NAME UPSTREAM_HOST_NAMES_ATTEMPTED
  UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT UPSTREAM_HOST_NAME_WITHOUT_PORT UPSTREAM_LOCAL_ADDRESS UPSTREAM_LOCAL_CLOSE_REASON
  UPSTREAM_LOCAL_DNS_SAN UPSTREAM_LOCAL_IP_SAN UPSTREAM_LOCAL_PORT UPSTREAM_LOCAL_URI_SAN UPSTREAM_PEER_CERT UPSTREAM_PEER_DNS_SAN
  UPSTREAM_PEER_IP_SAN UPSTREAM_PEER_ISSUER UPSTREAM_PEER_SUBJECT UPSTREAM_PEER_URI_SAN UPSTREAM_PROTOCOL UPSTREAM_REMOTE_ADDRESS
  UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID UPSTREAM_REMOTE_PORT UPSTREAM_REQUEST_ATTEMPT_COUNT UPSTREAM_SERVER_NAME UPSTREAM_TLS_CIPHER
  UPSTREAM_TLS_GROUP UPSTREAM_TLS_SESSION_ID UPSTREAM_TLS_VERSION UPSTREAM_TRANSPORT_FAILURE_REASON UPSTREAM_WIRE_BYTES_RECEIVED
  UPSTREAM_WIRE_BYTES_SENT VIRTUAL_CLUSTER_NAME`.trim().split(/\s+/));

/** What is wrong with the argument of a command; the argument is empty if there is none. */
type ArgumentCheck = (argument: string) => Objection;

const anything: ArgumentCheck = () => undefined;

const something: ArgumentCheck = argument => (argument === '' ? ['has no argument', 'add the argument in parentheses'] : undefined);

const oneOf = (...choices: string[]): ArgumentCheck => argument => (
  argument === '' || choices.includes(argument)
    ? undefined
    : [`has the argument '${argument}'`, `use one of ${choices.join(', ')}, or omit it`]);

/** A first part out of one list, and a second one out of another, joined by a colon. Both may be empty. */
const pairOf = (first: readonly string[], second: readonly string[]): ArgumentCheck => argument => {
  const [a, b = ''] = argument.split(':');
  const isKnown = (part: string, of: readonly string[]) => part === '' || of.includes(part);
  return isKnown(a, first) && isKnown(b, second) ? undefined
    : [`has the argument '${argument}'`, `use ${first.join(' or ')}, and ${second.join(', ')} after a colon`];
};

const HEADER_NAME = /^(?::?[A-Za-z0-9!#$%&'*+.^_`|~-]+)?$/;

const header: ArgumentCheck = argument => {
  const names = argument.split('?');
  if (argument === '') return something(argument);
  if (names.length > 2) return [`has more than one alternative header in '${argument}'`, 'name one header and at most one alternative'];
  return names.every(name => HEADER_NAME.test(name)) ? undefined
    : [`has '${argument}', which is not a valid header name`, 'use letters, digits and \'-\''];
};

const time: ArgumentCheck = argument => (
  /%[-_0^#]*[1-9]*[EO]?n/.test(argument) ? [`has a line break in the time format '${argument}'`, 'remove %n'] : undefined);

const SERIALIZATIONS = ['PLAIN', 'TYPED', 'FIELD'];

const filterState: ArgumentCheck = argument => {
  const [key, serialization = '', field = ''] = argument.split(':');
  if (key === '') return ['names no key of the filter state', 'add the key in parentheses'];
  if (serialization !== '' && !SERIALIZATIONS.includes(serialization)) {
    return [`has the serialization '${serialization}'`, `use one of ${SERIALIZATIONS.join(', ')}`];
  }
  return (serialization === 'FIELD') === (field !== '') ? undefined
    : [`has the argument '${argument}'`, 'write the name of a field after FIELD, and only there'];
};

const commonDuration: ArgumentCheck = argument => {
  const parts = argument.split(':');
  const isValid = (parts.length === 2 || parts.length === 3) && ['ms', 'us', 'ns'].includes(parts[2] ?? 'ms');
  return isValid ? undefined : [`has the argument '${argument}'`, 'write START:END:PRECISION, with the precision ms, us or ns'];
};

const METADATA = ['DYNAMIC', 'CLUSTER', 'ROUTE', 'UPSTREAM_HOST', 'LISTENER', 'LISTENER_FILTER_CHAIN', 'VIRTUAL_HOST'];

const metadata: ArgumentCheck = argument => (METADATA.includes(argument.split(':')[0]) ? undefined
  : [`has the argument '${argument}'`, `write TYPE:NAMESPACE:KEY, with one of the types ${METADATA.join(', ')}`]);

const cel: ArgumentCheck = argument => celRuntimeObjection(argument);

const OPERATOR = 'write the name of a command, or {"command": "REQ", "param": "x-a"}';

/** What is wrong with an operator of COALESCE: the name of a command, or an object with it. */
function operatorObjection(operator: unknown): Objection {
  const { command, param = '', max_length: length } = typeof operator === 'string' ? { command: operator }
    : (operator ?? {}) as { readonly [field: string]: unknown };
  if (typeof command !== 'string') return [`has the operator ${JSON.stringify(operator)}, which names no command`, OPERATOR];
  if (typeof param !== 'string') return [`has the operator ${command}, the param of which is not a string`, OPERATOR];
  if (length !== undefined && !(Number.isInteger(length) && Number(length) > 0)) {
    return [`has the operator ${command} with the max_length ${JSON.stringify(length)}`, 'use a positive integer'];
  }
  const objection = commandObjection(command, param, length === undefined ? undefined : String(length));
  return objection && [`has the operator ${command}, ${objection[0]}`, objection[1]];
}

const coalesce: ArgumentCheck = argument => {
  let operators: unknown;
  try {
    ({ operators } = JSON.parse(argument) as { readonly operators?: unknown });
  } catch {
    return ['has an argument that is not JSON', 'write {"operators": [...]}'];
  }
  if (!Array.isArray(operators) || operators.length === 0) return ['has no operators in its argument', 'write {"operators": [...]}'];
  return operators.map(operatorObjection).find(found => found !== undefined);
};

const COMMANDS: { readonly [command: string]: ArgumentCheck } = {
  CEL: cel,
  CLUSTER_METADATA: something,
  COALESCE: coalesce,
  COMMON_DURATION: commonDuration,
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT: anything,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: anything,
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: anything,
  DOWNSTREAM_PEER_CERT_V_END: time,
  DOWNSTREAM_PEER_CERT_V_START: time,
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: anything,
  DYNAMIC_METADATA: something,
  EMIT_TIME: time,
  EMIT_TIME_LOCAL: time,
  ENVIRONMENT: something,
  FILTER_STATE: filterState,
  GRPC_STATUS: oneOf('CAMEL_STRING', 'SNAKE_STRING', 'NUMBER'),
  METADATA: metadata,
  PATH: pairOf(['WQ', 'NQ'], ['ORIG', 'PATH', 'ORIG_OR_PATH']),
  QUERY_PARAM: something,
  QUERY_PARAMS: oneOf('ORIG', 'DECODED'),
  REQ: header,
  REQUESTED_SERVER_NAME: pairOf(['SNI_ONLY', 'SNI_FIRST', 'HOST_FIRST'], ['ORIG_OR_HOST', 'HOST', 'ORIG']),
  REQUEST_HEADER: header,
  RESP: header,
  RESPONSE_CODE_DETAILS: anything,
  RESPONSE_HEADER: header,
  RESPONSE_TRAILER: header,
  START_TIME: time,
  START_TIME_LOCAL: time,
  STREAM_INFO_REQ: header,
  TRAILER: header,
  UPSTREAM_FILTER_STATE: filterState,
  UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: anything,
  UPSTREAM_METADATA: something,
  UPSTREAM_PEER_CERT_V_END: time,
  UPSTREAM_PEER_CERT_V_START: time,
  UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: anything,
};

/** Commands that header values have beside all others: Envoy reads this one as FILTER_STATE(…:PLAIN). */
const OF_HEADERS: { readonly [command: string]: ArgumentCheck } = {
  PER_REQUEST_STATE: argument => (argument === '' ? something(argument) : filterState(`${argument}:PLAIN`)),
};

/** The command that istiod adds to access logs. Its argument may be empty. */
const OF_LOGS: { readonly [command: string]: ArgumentCheck } = {
  REQ_WITHOUT_QUERY: argument => (argument === '' ? undefined : header(argument)),
};

/** The commands whose result can be cut to a length. */
const CUT = new Set(`
  CEL COALESCE DYNAMIC_METADATA ENVIRONMENT FILTER_STATE METADATA PATH QUERY_PARAM QUERY_PARAMS REQ REQUEST_HEADER RESP RESPONSE_HEADER
  RESPONSE_TRAILER STREAM_INFO_REQ TRAILER UPSTREAM_FILTER_STATE`.trim().split(/\s+/));
const MOST_LENGTH = 2n ** 64n - 1n;

const COMMAND = /%([A-Z0-9_]+)(?:\((.*?)\))?(?::(\d+))?%/ys;

/**
 * What Envoy's substitution formatter has against a value, such as that of a tag of traces. A `%` opens a command that it knows, with an
 * argument that the command takes; `%%` stands for a percent sign.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/advanced/substitution_formatter
 */
export function formatObjection(value: string): Objection {
  return objectionTo(value, {});
}

/** What Envoy's substitution formatter has against the value of a header. */
export function headerFormatObjection(value: string): Objection {
  return objectionTo(value, OF_HEADERS);
}

/** What Envoy's substitution formatter has against the format of an access log, with the command that istiod adds or without it. */
export function logFormatObjection(value: string, hasExtension = true): Objection {
  return objectionTo(value, hasExtension ? OF_LOGS : {});
}

function objectionTo(value: string, more: { readonly [command: string]: ArgumentCheck }): Objection {
  for (let at = value.indexOf('%'); at >= 0; at = value.indexOf('%', at)) {
    if (value[at + 1] === '%') {
      at += 2;
      continue;
    }
    COMMAND.lastIndex = at;
    const found = COMMAND.exec(value);
    if (!found) {
      return [`has a '%' at position ${at} that opens no command`, 'write %% for a percent sign, or a command such as %PROTOCOL%'];
    }
    const [whole, command, argument = '', length] = found;
    const objection = Object.hasOwn(more, command) ? withWhich(more[command](argument)) : commandObjection(command, argument, length);
    if (objection) return [`has %${command}%, ${objection[0]}`, objection[1]];
    at += whole.length;
  }
  return undefined;
}

function commandObjection(command: string, argument: string, length?: string): Objection {
  const isPlain = PLAIN.has(command);
  if (isPlain && argument !== '') return [`which takes no argument, with '${argument}'`, 'remove the argument'];
  const check = isPlain ? anything : Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!check) return ['which is not a command that Envoy knows', 'correct the name of the command, or write %% for a percent sign'];
  if (length !== undefined && !CUT.has(command)) return [`which takes no length, with the length ${length}`, `remove ':${length}'`];
  if (length !== undefined && BigInt(length) > MOST_LENGTH) return [`which has the length ${length}`, 'use a smaller length'];
  return withWhich(check(argument));
}

function withWhich(objection: Objection): Objection {
  return objection && [`which ${objection[0]}`, objection[1]];
}
