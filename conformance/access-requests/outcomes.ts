import { createSecureContext } from 'node:tls';
import type { Authority } from './certificates';
import type { SentCall } from './generate';
import { firstLine } from './send';
import type { Subject } from './subjects';
import type { Issuer } from './tokens';
import { verdictAtPod } from '../../src/simulator/access/pod-access';
import type { AccessVerdict } from '../../src/simulator/access/verdict';
import { requestOf } from '../../src/simulator/request';
import type { EnvoyProcess } from '../envoy/process';
import type { Json } from '../istiod/client';

/** The address of the pods. */
const ADDRESS = '10.1.2.3';

/** What the simulator says of a call, with our own translation. */
export function simulatedVerdict(
  { proxy, config, trustDomain, answer = 'allows' }: Pick<Subject, 'proxy' | 'config' | 'trustDomain' | 'answer'>,
  { port, method, path, authority, headers, source, account, serverName, claims, insistsOnTls = false }: SentCall,
): AccessVerdict {
  const request = requestOf(method, `http://pod${path}`, { headers: { host: authority, ...headers } });
  return verdictAtPod({ proxy, port, config }, {
    peer: account === undefined ? 'none' : { id: idOf(account, trustDomain) },
    transport: account === undefined ? 'plaintext' : insistsOnTls ? 'mesh' : 'automatic',
    serverName: account === undefined ? '' : serverName,
    request,
    directAddress: source,
    token: claims ?? 'none',
    claimHeaders: [],
  }, { authorizer: answer, now: Date.now() / 1000 });
}

function idOf(account: string, trustDomain: string): string {
  const [namespace, name] = account.split('/');
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${name}`;
}

/** The real Envoy, and what it trusts. */
export interface Real {
  readonly envoy: EnvoyProcess;
  readonly authority: Authority;
  readonly issuer: Issuer;
}

/** What Envoy does with a call: an outcome in the simulator's words, or the first line of another answer. */
export async function realOutcome(
  { name, listener, trustDomain }: Pick<Subject, 'name' | 'listener' | 'trustDomain'>,
  { port, method, path, authority, headers, source, account, serverName, claims, insistsOnTls = false }: SentCall,
  { envoy, authority: certificates, issuer }: Real,
): Promise<string> {
  const lines = Object.entries({
    host: authority, connection: 'close', ...headers, ...(claims && { authorization: `Bearer ${issuer.token(claims)}` }),
  }).map(([field, value]) => `${field}: ${value}`);
  const isMesh = account !== undefined && (insistsOnTls || takesMutualTls(listener, port));
  const { certificate, key } = isMesh ? certificates.issue(idOf(account, trustDomain)) : { certificate: '', key: '' };
  const line = await firstLine(envoy.listener(name), {
    source,
    destination: { host: ADDRESS, port },
    ...(isMesh && { tls: { context: createSecureContext({ cert: certificate, key }), serverName, protocol: 'istio-http/1.1' } }),
    bytes: `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`,
  });
  return outcomeOf(line, method);
}

/** Automatic mutual TLS: istiod's PeerAuthentication of the port accepts it. */
function takesMutualTls({ filterChains }: Json, port: number): boolean {
  const ofPort = (filterChains as Json[]).filter(({ filterChainMatch }) => filterChainMatch?.destinationPort === port);
  const chains = ofPort.length > 0 ? ofPort : (filterChains as Json[]).filter(({ filterChainMatch }) => !filterChainMatch?.destinationPort);
  return chains.some(({ transportSocket }) => transportSocket !== undefined);
}

/** An outcome in the simulator's words, by the first line of an answer; the line of another answer. */
export function outcomeOf(line: string | undefined, method: string): string {
  if (line === undefined) return 'reset';
  if (line.startsWith(`${method} `)) return 'allowed';
  const status = /^HTTP\/1\.1 (\d{3})/.exec(line)?.[1];
  return status === '200' ? 'allowed' : status === '403' ? 'denied' : status === '401' ? 'unauthenticated' : line;
}
