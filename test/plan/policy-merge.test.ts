import * as fc from 'fast-check';
import { find, newChart } from '../manifests';
import { CircuitBreakerPolicy, MeshService, ServicePort } from 'cdk8s-istio';

interface Policy { readonly subset?: string; readonly port?: number; readonly field: string; readonly value: number }
interface Objects { connectionPool?: object; outlierDetection?: object; portLevelSettings?: ({ port: { number: number } } & Objects)[] }

const FIELDS = ['maxConnections', 'http1MaxPendingRequests', 'maxRetries', 'outlier'];
const SUBSETS = ['v1', 'v2'];
const PORTS = [80, 8080];

const policies = fc.uniqueArray(fc.record({
  subset: fc.constantFrom(undefined, ...SUBSETS),
  port: fc.constantFrom(undefined, ...PORTS),
  field: fc.constantFrom(...FIELDS),
  value: fc.integer({ min: 1, max: 100 }),
}), { maxLength: 10, selector: p => `${p.subset}|${p.port}|${p.field}` });

/** The policy of a cluster in Istio: objects replace objects, and the settings of a port replace everything of the wider level. */
function cluster(
  spec: { trafficPolicy?: Objects; subsets: { name: string; trafficPolicy?: Objects }[] },
  subset: string | undefined,
  port: number,
): Objects {
  const at = (policy: Objects | undefined) => policy?.portLevelSettings?.find(entry => entry.port.number === port);
  const objects = ({ connectionPool, outlierDetection }: Objects = {}): Objects => ({
    ...(connectionPool ? { connectionPool } : {}), ...(outlierDetection ? { outlierDetection } : {}),
  });
  const top = objects(at(spec.trafficPolicy) ?? spec.trafficPolicy);
  const own = spec.subsets.find(s => s.name === subset)?.trafficPolicy;
  return at(own) ? objects(at(own)) : { ...top, ...objects(own) };
}

/** What the authors set: field by field, the narrower level wins. A subset is narrower than a port. */
function stated(all: readonly Policy[], subset: string | undefined, port: number): { [field: string]: number } {
  const rank = (p: Policy) => (p.subset ? 2 : 0) + (p.port ? 1 : 0);
  const here = all.filter(p => (p.subset ?? subset) === subset && (p.port ?? port) === port);
  return Object.fromEntries([...here].sort((a, b) => rank(a) - rank(b)).map(p => [p.field, p.value]));
}

function fieldsOf({ connectionPool, outlierDetection }: Objects): { [field: string]: number } {
  const { tcp = {}, http = {} } = (connectionPool ?? {}) as { tcp?: object; http?: object };
  const outlier = outlierDetection as { maxEjectionPercent: number } | undefined;
  return { ...tcp, ...http, ...(outlier ? { outlier: outlier.maxEjectionPercent } : {}) };
}

test('each cluster gets every field that is set for it, from the narrowest level that sets it, and no other', () => {
  fc.assert(fc.property(policies, all => {
    const chart = newChart();
    const service = new MeshService(chart, 'Service', { name: 'service', ports: PORTS.map(port => ServicePort.http(port)) });
    SUBSETS.forEach(name => service.addSubset(name, { labels: { version: name } }));
    all.forEach(({ subset, port, field, value }, i) => new CircuitBreakerPolicy(chart, `P${i}`, {
      service,
      port,
      subset: subset === undefined ? undefined : service.subset(subset),
      ...(field === 'outlier' ? { outlierDetection: { maxEjectionPercent: value } } : { connectionPool: { [field]: value } }),
    }));
    const { spec } = find(chart, 'DestinationRule');
    for (const subset of [undefined, ...SUBSETS]) {
      for (const port of PORTS) expect(fieldsOf(cluster(spec, subset, port))).toEqual(stated(all, subset, port));
    }
  }), { numRuns: 300 });
});
