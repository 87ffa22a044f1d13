import type { Dice } from './dice';
import { object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

type Fields = { [field: string]: unknown };

const PROVIDERS = ['envoy', 'errors', 'zipkin', 'Envoy', 'unknown', 'requests', 'connections'];
const TRACERS = ['zipkin', 'datadog', 'skywalking', 'opentelemetry', 'unknown'];

const COLLECTOR = { service: 'catalog.shop.svc.cluster.local', port: 80 };
const LOGGED = { filterStateObjectsToLog: ['wasm.peer'], additionalRequestHeadersToLog: ['x-user'] };

/** Providers of access logs and traces. */
export const EXTENSION_PROVIDERS = [
  { name: 'zipkin', zipkin: COLLECTOR },
  { name: 'datadog', datadog: { ...COLLECTOR, maxTagLength: 9 } },
  { name: 'skywalking', skywalking: COLLECTOR },
  { name: 'opentelemetry', opentelemetry: { ...COLLECTOR, service: 'shop/catalog.shop.svc.cluster.local' } },
  { name: 'requests', envoyHttpAls: { ...COLLECTOR, ...LOGGED, logName: 'shop', additionalResponseTrailersToLog: ['grpc-status'] } },
  { name: 'connections', envoyTcpAls: { ...COLLECTOR, ...LOGGED } },
  { name: 'errors', envoyFileAccessLog: { path: '/dev/stderr' } },
];

const mode = (dice: Dice) => ({ mode: dice.pick(['CLIENT', 'SERVER', 'CLIENT_AND_SERVER']) });
const providers = (dice: Dice) => [{ name: dice.pick(PROVIDERS) }];

function logging(dice: Dice): Fields {
  return dice.fields(0.5, {
    providers: () => providers(dice),
    disabled: () => dice.chance(0.5),
    filter: () => ({ expression: 'response.code >= 400' }),
    match: () => mode(dice),
  });
}

function tracing(dice: Dice): Fields {
  return dice.fields(0.5, {
    providers: () => [{ name: dice.pick(TRACERS) }],
    randomSamplingPercentage: () => dice.pick([0, 10, 99.5]),
    disableSpanReporting: () => dice.chance(0.3),
    customTags: () => ({
      team: { literal: { value: 'shop' } },
      user: { header: { name: 'x-user', defaultValue: 'nobody' } },
      node: { environment: { name: 'NODE' } },
      zone: { environment: { name: 'ZONE', defaultValue: 'none' } },
    }),
    match: () => mode(dice),
    enableIstioTags: () => dice.chance(0.5),
    disableContextPropagation: () => dice.chance(0.5),
  });
}

/** Telemetries of the mesh, of namespaces and of workloads. */
export function telemetries(dice: Dice): KubernetesObject[] {
  const places = [
    ['mesh', 'istio-system', undefined],
    ['shop', 'shop', undefined],
    ['web', 'shop', { app: 'web' }],
    ['ingress', 'istio-system', { istio: 'ingressgateway' }],
    ['other', 'other', undefined],
  ] as const;
  return dice.some(places, 0.12).map(([name, namespace, labels]) => object(dice, 'telemetry.istio.io/v1', 'Telemetry', name, namespace, {
    ...(labels ? { selector: { matchLabels: labels } } : {}),
    ...dice.fields(0.7, { accessLogging: () => dice.times(1, 2, () => logging(dice)), tracing: () => [tracing(dice)] }),
  }));
}
