import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mesh } from 'cdk8s-istio/simulator';

describe('the manifests of a mesh', () => {
  test('that cannot be read are an error with the place', () => {
    expect(() => Mesh.fromManifests([{ kind: 'Service' }])).toThrow(
      'the manifests cannot be read:\nobject 1: the document has no apiVersion',
    );
    const folder = mkdtempSync(join(tmpdir(), 'mesh-'));
    try {
      writeFileSync(join(folder, 'a.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: [\n');
      expect(() => Mesh.fromFiles(folder)).toThrow(/the manifests cannot be read:\n.*a\.yaml:\d+: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('without a namespace are partly not decided, and the mesh says so', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } };
    expect(Mesh.fromManifests([service]).notes).toEqual([expect.stringContaining('1 object has no namespace')]);
    expect(Mesh.fromManifests([service], { namespace: 'shop' }).notes).toEqual([]);
  });

  test('may be completed by Services, whose ports are checked', () => {
    expect(() => Mesh.fromManifests([], { assumeServices: [{ name: 'a', namespace: 'b', ports: [] }] })).toThrow(
      "assumeServices: 'a' has no ports; add the ports that callers use",
    );
    expect(() => Mesh.fromManifests([], { assumeServices: [{ name: 'a', namespace: 'b', ports: [0] }] })).toThrow(
      "assumeServices: 'a' has the port 0; use an integer from 1 to 65535",
    );
  });

  test('that are not translated are in the notes of the proxy', () => {
    const filter = {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'patch', namespace: 'shop' },
      spec: {},
    };
    expect(Mesh.fromManifests([filter]).sidecar({ namespace: 'shop' }).notes).toContainEqual(
      expect.stringContaining('EnvoyFilter shop/patch'),
    );
  });

  test('have no endpoint for a Service without pods only if they are complete', () => {
    const service = (spec: object) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { ports: [{ name: 'http', port: 80 }], ...spec },
    });
    const asked = (spec: object, facts?: object) => {
      const { outcome, status, flag } = Mesh.fromManifests([service(spec)], { facts }).sidecar({ namespace: 'shop' }).get('http://cart/');
      return { outcome, status, flag };
    };
    const selector = { app: 'cart' };
    expect(asked({ selector })).toMatchObject({ outcome: 'routed' });
    expect(asked({ selector }, { complete: true })).toEqual({ outcome: 'no healthy host', status: 503, flag: 'UH' });
    // Facts name Services without their pods, and the endpoints of a Service without a selector are objects of their own.
    expect(asked({ selector }, { complete: true, services: [{ name: 'other', namespace: 'shop', ports: [80] }] })).toMatchObject({
      outcome: 'routed',
    });
    expect(asked({}, { complete: true })).toMatchObject({ outcome: 'routed' });
  });

  test('have no endpoint for workloads that are scaled to 0, unless another object scales them', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { ports: [{ name: 'http', port: 80 }], selector: { app: 'cart' } },
    };
    const deployment = (replicas?: number) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { ...replicas !== undefined && { replicas }, template: { metadata: { labels: { app: 'cart' } } } },
    });
    const scaler = (spec: object) => ({
      apiVersion: 'example.com/v1',
      kind: 'Scaler',
      metadata: { name: 'cart', namespace: 'shop' },
      spec,
    });
    const asked = (...objects: object[]) => (
      Mesh.fromManifests([service, ...objects], { facts: { complete: true } }).sidecar({ namespace: 'shop' }).get('http://cart/').outcome);
    expect(asked(deployment(0))).toBe('no healthy host');
    for (const objects of [
      [deployment(1)],
      [deployment()],
      [deployment(0), deployment(2)],
      ...['scaleTargetRef', 'targetRef', 'workloadRef'].map(field => [deployment(0), scaler({ [field]: { name: 'cart' } })]),
    ]) {
      expect(asked(...objects)).toBe('routed');
    }
    expect(asked(deployment(0), scaler({ scaleTargetRef: { name: 'other' } }))).toBe('no healthy host');
  });

  test('are translated once for pods with the same labels', () => {
    const mesh = Mesh.fromManifests([], {
      assumeServices: [{ name: 'a', namespace: 'shop', ports: [80, { number: 5432, protocol: 'tcp' }] }],
    });
    expect(mesh.sidecar({ namespace: 'shop', labels: { a: '1', b: '2' } })).toBe(
      mesh.sidecar({ namespace: 'shop', labels: { b: '2', a: '1' } }),
    );
    expect(mesh.sidecar({ namespace: 'shop' })).not.toBe(mesh.sidecar({ namespace: 'other' }));
    expect(mesh.sidecar({ namespace: 'shop' }).get('http://a/').outcome).toBe('routed');
    expect(mesh.sidecar({ namespace: 'shop' }).get('http://b/').outcome).toBe('passed through');
  });
});
