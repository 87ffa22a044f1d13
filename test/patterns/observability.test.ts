import type { Envoy } from './envoy';
import { patternOf } from './pattern';
import { connectionManager, inboundChain } from '../../conformance/case';

const outbound = ({ config }: Envoy) => connectionManager('', '0.0.0.0_80').find(config);
const LOG = { name: 'envoy.access_loggers.file', typedConfig: { path: '/dev/stdout' } };
const LOG_OF_ERRORS = { ...LOG, filter: { extensionFilter: { typedConfig: { expression: 'response.code >= 400' } } } };

describe('access logs and traces', () => {
  const { manifests, envoys } = patternOf('observability');

  test('are one Telemetry for each scope', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: telemetry.istio.io/v1
      kind: Telemetry
      metadata: { name: default, namespace: istio-system }
      spec:
        accessLogging: [ { filter: { expression: response.code >= 400 }, providers: [ { name: envoy } ] } ]
        tracing:
          - customTags: { team: { literal: { value: shop } } }
            providers: [ { name: zipkin } ]
            randomSamplingPercentage: 5
      ---
      apiVersion: telemetry.istio.io/v1
      kind: Telemetry
      metadata: { name: web-logs, namespace: shop }
      spec:
        accessLogging: [ { match: { mode: CLIENT }, providers: [ { name: envoy } ] } ]
        selector: { matchLabels: { app: web } }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web, orders }) => {
    test('starts a trace for one request of twenty, and gives each the tag of the team', () => {
      for (const proxy of [web, orders]) {
        const { tracing } = outbound(proxy);
        expect(tracing.randomSampling).toEqual({ value: 5 });
        expect(tracing.customTags).toContainEqual({ tag: 'team', literal: { value: 'shop' } });
        expect(tracing.provider.name).toBe('envoy.tracers.zipkin');
        expect(tracing.provider.typedConfig.collectorService.httpUri.cluster).toBe('outbound|9411||zipkin.istio-system.svc.cluster.local');
      }
    });

    test('logs the errors of everybody by a filter in CEL', () => {
      expect(outbound(orders).accessLog).toMatchObject([LOG_OF_ERRORS]);
    });

    test('logs every call that web makes', () => {
      expect(outbound(web).accessLog).toMatchObject([LOG]);
      expect(outbound(web).accessLog[0]).not.toHaveProperty('filter');
    });
  });

  describe('the Envoy of web, configured by istiod,', () => {
    const [[, { web }]] = envoys;

    test('keeps the logs of the mesh for the calls that it gets', () => {
      const { filters } = inboundChain('web', 3000, 'raw_buffer').find(web.config);
      const manager = filters.find(({ name }: { name: string }) => name === 'envoy.filters.network.http_connection_manager');
      expect(manager.typedConfig.accessLog).toMatchObject([LOG_OF_ERRORS]);
    });
  });
});
