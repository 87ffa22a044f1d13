import type { HeaderValues } from './header-values';
import type { Rejection } from './rejection';
import type { HttpVersion, Request } from './request';
import { HTTP1_METHODS } from '../envoy/http1-methods';
import type { HttpConnectionManager } from '../envoy/xds/http-connection-manager';

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const AUTHORITY = /^[\w.~!$&'()*+,;=:%[\]@-]*$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

/** Envoy's defaults, which Istio keeps: 60 KiB of headers, and 100 headers. */
const MOST_BYTES = 60 * 1024;
const MOST_HEADERS = 100;

/** Why Envoy's HTTP codec rejects a request. Undefined if it accepts it. */
export function codecRejection(sent: Request, version: HttpVersion, manager: HttpConnectionManager): Rejection | undefined {
  return version === 'HTTP/2' ? http2Rejection(sent) : http1Rejection(sent, version, manager);
}

function refusal(status: number, details: string, why: string): Rejection {
  return { status, details, flag: 'DPE', why };
}

/** @see https://github.com/envoyproxy/envoy/blob/main/source/common/http/http1/codec_impl.cc */
function http1Rejection(sent: Request, version: HttpVersion, manager: HttpConnectionManager): Rejection | undefined {
  const { method, path, authority, headers } = sent;
  const error = (why: string) => refusal(400, 'http1.codec_error', why);
  if (!HTTP1_METHODS.has(method)) return error(`Envoy's HTTP/1 parser does not know the method ${method}`);
  if (/[\t ]|[^\0-\x7f]/.test(path)) return error('the path holds a space or a character outside ASCII; send its percent-encoded form');
  if (CONTROL.test(path)) return refusal(400, 'http1.invalid_characters', 'the path holds a control character');
  if (sizeOf(sent) > MOST_BYTES) {
    return refusal(431, 'http1.headers_too_large', `the request line and the headers have more than ${MOST_BYTES} bytes`);
  }
  for (const [name, values] of headers) {
    if (!TOKEN.test(name)) return error(`'${name}' is not a token, as the name of a header must be`);
    if (values.some(value => CONTROL.test(value))) {
      return refusal(400, 'http1.invalid_characters', `header ${name} holds a control character`);
    }
  }
  if (lineCount(headers) > MOST_HEADERS) return refusal(431, 'http1.too_many_headers', `there are more than ${MOST_HEADERS} headers`);
  return lengthRejection(headers) ?? underscoreRejection(headers, manager, 'http1') ?? hopRejection(headers)
    ?? (AUTHORITY.test(authority) ? undefined : refusal(
      400,
      'http.invalid_authority',
      `the Host header '${authority}' holds a character that no host has`,
    ))
    ?? (version === 'HTTP/1.0' && manager.httpProtocolOptions?.acceptHttp10 !== true
      ? refusal(426, 'low_version', 'Envoy accepts HTTP/1.0 only if it is configured to') : undefined);
}

/** Content-Length and Transfer-Encoding, which together smuggle requests. */
function lengthRejection(headers: HeaderValues): Rejection | undefined {
  const lengths = headers.get('content-length');
  const encoding = headers.get('transfer-encoding')?.join(',');
  if (lengths !== undefined && (lengths.length > 1 || !/^\d{1,19}$/.test(lengths[0]))) {
    return refusal(400, 'http1.codec_error', `Content-Length is '${lengths.join(', ')}', but must be one number`);
  }
  if (encoding === undefined) return undefined;
  if (lengths !== undefined) {
    return refusal(400, 'http1.content_length_and_chunked_not_allowed', 'it has both Content-Length and Transfer-Encoding');
  }
  return encoding.toLowerCase() === 'chunked' ? undefined
    : refusal(501, 'http1.invalid_transfer_encoding', `Envoy supports only the Transfer-Encoding chunked, not '${encoding}'`);
}

function underscoreRejection(headers: HeaderValues, manager: HttpConnectionManager, codec: string): Rejection | undefined {
  if (manager.commonHttpProtocolOptions?.headersWithUnderscoresAction !== 'REJECT_REQUEST') return undefined;
  const name = [...headers.keys()].find(key => key.includes('_'));
  return name === undefined ? undefined
    : refusal(
      400,
      `${codec}.unexpected_underscore`,
      `the name of header ${name} has an underscore, which the gateway's connectionSettings reject`,
    );
}

/** Connection may name headers to drop, but not those that Envoy relies on. */
function hopRejection(headers: HeaderValues): Rejection | undefined {
  const kept = connectionTokens(headers).find(token => token.startsWith(':') || /^x-forwarded-(?:for|host|proto)$/.test(token));
  return kept === undefined ? undefined : refusal(400, 'http1.connection_header_rejected', `Connection must not name ${kept}`);
}

/** The tokens of Connection, in lower case. */
export function connectionTokens(headers: HeaderValues): readonly string[] {
  const values = headers.get('connection');
  return values === undefined ? [] : values.join(',').split(',').map(token => token.trim().toLowerCase()).filter(token => token !== '');
}

/** Envoy resets the stream of an HTTP/2 request instead of answering. */
function http2Rejection({ method, path, authority, headers }: Request): Rejection | undefined {
  const reset = (flag: 'DPE' | 'DR', details: string, why: string) => ({ details, flag, why });
  const invalid = (why: string) => reset('DPE', 'http2.invalid.header.field', why);
  if (!TOKEN.test(method)) return invalid(`'${method}' is not a token, as a method must be`);
  // eslint-disable-next-line no-control-regex
  if (/[\0-\x20\x7f]/.test(path)) return invalid('the path holds a space or a control character');
  if (authority === '' || !AUTHORITY.test(authority)) {
    return invalid(`the authority '${authority}' is empty or holds a character that no host has`);
  }
  for (const [name, values] of headers) {
    if (!TOKEN.test(name)) return invalid(`'${name}' is not a token, as the name of a header must be`);
    if (values.some(value => CONTROL.test(value))) return invalid(`header ${name} holds a control character`);
  }
  const sum = [...headers].reduce(
    (total, [name, values]) => total + values.reduce((of, value) => of + name.length + value.length, 0),
    path.length,
  );
  if (sum > MOST_BYTES) return reset('DR', 'http2.header_list_size_too_large', `the headers have more than ${MOST_BYTES} bytes`);
  // In HTTP/2, method, scheme, authority and path count as headers.
  return lineCount(headers) + 3 > MOST_HEADERS
    ? reset('DR', 'http2.too_many_headers', `there are more than ${MOST_HEADERS} headers`)
    : undefined;
}

/** The number of header lines, with Host. */
function lineCount(headers: HeaderValues): number {
  let count = headers.has('host') ? 0 : 1;
  for (const values of headers.values()) count += values.length;
  return count;
}

/** The bytes of the request line and the headers in HTTP/1, with the empty line. */
function sizeOf({ method, path, authority, headers }: Request): number {
  let size = `${method} ${path} HTTP/1.1\r\n\r\n`.length;
  if (!headers.has('host')) size += `host: ${authority}\r\n`.length;
  for (const [name, values] of headers) for (const value of values) size += name.length + value.length + 4;
  return size;
}
