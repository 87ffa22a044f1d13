import { gatewayClasses } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-gateway-class',
  codes: ['KIA1504'],
  severity: 'error',
  subjects: ['KubernetesGateway'],
  title: 'A Gateway is of a class that no controller has',
  effect: 'istiod ignores the Gateway and its routes, and writes no status.',
  check(object, report, index) {
    const name = object.spec?.gatewayClassName;
    if (name === undefined || gatewayClasses(index).controllerOf(name)) return;
    // A class with an object belongs to its controller, even if that is not Istio.
    if (index.of('GatewayClass').some(({ metadata }) => metadata.name === name)) return;
    report('spec.gatewayClassName', `GatewayClass '${name}' does not exist, so Istio ignores the Gateway and its routes`,
      'write istio, or add the GatewayClass', { absent: { kind: 'GatewayClass', key: `/${name}` } });
  },
});
