import type { MeshProxyConfig } from './mesh-config';
import { typed } from './message';
import type { Http1ProtocolOptions, PreserveCaseFormatterConfig } from './xds/core';

const TYPE = 'envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig';
const PRESERVING_CASE: Http1ProtocolOptions = Object.freeze({
  headerKeyFormat: {
    statefulFormatter: {
      name: 'preserve_case',
      typedConfig: typed<PreserveCaseFormatterConfig>(TYPE, {}),
    },
  },
});

/** The options by which HTTP/1 keeps the case of header names; undefined unless the mesh sets `preserveHttp1HeaderCase`. */
export function preservedCase({ proxyHeaders }: MeshProxyConfig): Http1ProtocolOptions | undefined {
  return proxyHeaders?.preserveHttp1HeaderCase === true ? PRESERVING_CASE : undefined;
}
