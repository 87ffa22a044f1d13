import { crdErrors } from './crds';
import type { Manifest } from './manifests';

const rule = (trafficPolicy: object): Manifest => ({
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'it' }, spec: { host: 'catalog', trafficPolicy },
});

describe('the check against Istio\'s CRDs', () => {
  test('accepts what Istio accepts', () => {
    expect(crdErrors(rule({ connectionPool: { tcp: { maxConnections: 1 } } }))).toEqual([]);
  });

  test('rejects a misspelled field', () => {
    expect(crdErrors(rule({ connectionPool: { tcp: { maxConections: 1 } } })))
      .toEqual(['DestinationRule it: spec/trafficPolicy/connectionPool/tcp must NOT have additional properties (maxConections)']);
  });

  test('rejects a value of the wrong type, and an unknown enum value', () => {
    expect(crdErrors(rule({ connectionPool: { tcp: { maxConnections: '1' } } }))[0]).toContain('must be integer');
    expect(crdErrors(rule({ connectionPool: { http: { h2UpgradePolicy: 'SOMETIMES' } } }))[0]).toContain(
      'must be equal to one of the allowed values',
    );
  });
});
