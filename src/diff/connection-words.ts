import { fieldWords, inParentheses } from './field-words';
import type { Cluster, UpstreamsHttpProtocolOptions } from '../envoy/xds/cluster';
import type { TcpProxy } from '../envoy/xds/network-filters';

type VersionOptions = NonNullable<UpstreamsHttpProtocolOptions['explicitHttpConfig']>;

/** How a cluster opens and keeps its connections, in words. Empty with Envoy's defaults. */
export function describeConnections(
  connectTimeout: Cluster['connectTimeout'], options: Cluster['upstreamConnectionOptions'],
  http: Partial<UpstreamsHttpProtocolOptions> = {},
): string {
  const { '@type': _, explicitHttpConfig, useDownstreamProtocolConfig, upstreamHttpProtocolOptions = {}, ...others } = http;
  const { commonHttpProtocolOptions, ...rest } = others;
  const { autoSni, autoSanValidation, ...names } = upstreamHttpProtocolOptions;
  return [
    fieldWords({ connectTimeout }),
    ...(explicitHttpConfig ? [versionWords(explicitHttpConfig)] : []),
    ...(useDownstreamProtocolConfig ? [`the caller's HTTP version${inParentheses(optionWords(useDownstreamProtocolConfig))}`] : []),
    fieldWords(commonHttpProtocolOptions),
    ...(autoSni ? ['SNI from the Host of each request'] : []),
    ...(autoSanValidation ? ['certificates verified for that Host'] : []),
    fieldWords(names),
    fieldWords({ ...options, ...rest }),
  ].filter(text => text !== '').join(', ');
}

function versionWords(config: VersionOptions): string {
  const version = config.http2ProtocolOptions ? 'HTTP/2' : config.httpProtocolOptions ? 'HTTP/1.1' : 'HTTP';
  return `${version}${inParentheses(optionWords(config))}`;
}

function optionWords({ httpProtocolOptions = {}, http2ProtocolOptions = {}, ...others }: VersionOptions): string {
  const { headerKeyFormat, ...http1 } = httpProtocolOptions;
  const isKept = headerKeyFormat?.statefulFormatter.name === 'preserve_case';
  return [
    ...(isKept ? ['case of header names kept'] : headerKeyFormat ? [fieldWords({ headerKeyFormat })] : []),
    fieldWords(http1), fieldWords(http2ProtocolOptions), fieldWords(others),
  ].filter(text => text !== '').join(', ');
}

/** What a proxy does to connections beside sending them somewhere, in words; empty for nothing. */
export function describeTcpProxy(proxy: TcpProxy): string {
  const {
    '@type': _,
    statPrefix: __,
    cluster: ___,
    weightedClusters: ____,
    accessLog: _____,
    tunnelingConfig,
    hashPolicy,
    ...others
  } = proxy;
  const { hostname, usePost, ...tunnel } = tunnelingConfig ?? {};
  return [
    ...(hostname === undefined ? [] : [
      `in a tunnel by ${usePost === true ? 'POST' : 'CONNECT'} to ${hostname}${inParentheses(fieldWords(tunnel))}`,
    ]),
    ...(hashPolicy === undefined ? [] : [
      `the endpoint by the ${hashPolicy.map(policy => (policy.sourceIp ? 'address of the caller' : fieldWords(policy))).join(', ')}`,
    ]),
    fieldWords(others),
  ].filter(text => text !== '').join(', ');
}
