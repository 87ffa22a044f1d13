import type { MutualTlsMode } from '../peer-authentications';
import type { Protocol } from '../protocol';
import { isHttp, isTcp } from '../protocol';

/** Which connections to a port one filter chain takes, and what it does with their bytes. */
export interface ChainOption {
  readonly isHttp: boolean;
  readonly transportProtocol: 'tls' | 'raw_buffer';
  readonly applicationProtocols?: readonly string[];
  /** Whether the chain ends mutual TLS. */
  readonly endsTls: boolean;
}

const MESH_HTTP = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
const MESH_TCP = ['istio-peer-exchange', 'istio'];
const MESH = ['istio', 'istio-peer-exchange', ...MESH_HTTP];
const PLAIN_HTTP = ['http/1.1', 'h2c'];

const mutual = (isOfHttp: boolean, applicationProtocols?: readonly string[]): ChainOption => (
  { isHttp: isOfHttp, transportProtocol: 'tls', applicationProtocols, endsTls: true });
const plain = (isOfHttp: boolean, applicationProtocols?: readonly string[]): ChainOption => (
  { isHttp: isOfHttp, transportProtocol: 'raw_buffer', applicationProtocols, endsTls: false });
/** TLS that the application ends itself. */
const OPAQUE_TLS: ChainOption = { isHttp: false, transportProtocol: 'tls', endsTls: false };

type Options = { readonly [M in MutualTlsMode]: readonly ChainOption[] };

const HTTP: Options = { STRICT: [mutual(true)], PERMISSIVE: [mutual(true, MESH), plain(true)], DISABLE: [plain(true)] };
const TCP: Options = { STRICT: [mutual(false)], PERMISSIVE: [mutual(false, MESH), OPAQUE_TLS, plain(false)], DISABLE: [plain(false)] };
/** Ports whose protocol Envoy detects for each connection. */
const DETECTED: Options = {
  STRICT: [mutual(true, MESH_HTTP), mutual(false)],
  PERMISSIVE: [mutual(true, MESH_HTTP), plain(true, PLAIN_HTTP), mutual(false, MESH_TCP), plain(false), OPAQUE_TLS],
  DISABLE: [plain(true, PLAIN_HTTP), plain(false)],
};

/** The filter chains of a port. */
export function chainOptions(protocol: Protocol, mode: MutualTlsMode): readonly ChainOption[] {
  if (isHttp(protocol)) return HTTP[mode];
  return isTcp(protocol) || protocol === 'UDP' ? TCP[mode] : DETECTED[mode];
}
