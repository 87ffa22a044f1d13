import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App, Chart } from 'cdk8s';
import { CanaryRelease, MeshService, ServicePort } from 'cdk8s-istio';

// The copy of the arguments would hide who reads them.
jest.mock('../../src/traffic/accepted', () => ({
  accepted: (_: string, args: readonly unknown[]) => args,
  acceptedArgument: (_: string, argument: unknown) => argument,
}));

const ROOT = join(__dirname, '../..');
const SOURCES = join(ROOT, 'src');

/** The source files on the call stack. */
function filesAtWork(): string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const places = new Error().stack!.split('\n').map(line => /\(?([^()\s]+\.ts):\d+:\d+\)?$/.exec(line)?.[1]);
  Error.stackTraceLimit = limit;
  return places.filter(place => place?.startsWith(SOURCES)).map(place => relative(ROOT, place!).replace(/\\/g, '/'));
}

/** The same object. Each read of a value records the files on the call stack. */
function watched<T extends object>(object: T, key: keyof T, ways: string[][]): T {
  const value = object[key];
  return Object.defineProperty({ ...object }, key, {
    enumerable: true,
    get: () => {
      ways.push(filesAtWork());
      return value;
    },
  });
}

/** The files that pass a canary percentage on to the VirtualService. Checks also read it. */
function wayOfPercentage(): string[] {
  const ways: string[][] = [];
  const service = new MeshService(new Chart(new App(), 'shop', { namespace: 'shop' }), 'Catalog', {
    name: 'catalog',
    ports: [ServicePort.http(80)],
  });
  const [stable, canary] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
  new CanaryRelease(service, 'Canary', watched({ service, stable, canary, canaryPercent: 5 }, 'canaryPercent', ways));
  const splits = service._plan.model.splits as object[];
  const [{ shares }] = service._plan.model.splits;
  splits[0] = watched({ ...splits[0], shares: shares.map(share => watched(share, 'weight', ways)) }, 'shares', ways);
  expect(service.virtualService.toJson()).toMatchObject({ spec: { http: [{ route: [{ weight: 95 }, { weight: 5 }] }] } });
  return [...new Set(ways.filter(files => !files.some(file => file.endsWith('-checks.ts'))).flat())];
}

test('a canary percentage reaches the manifest through the files that ARCHITECTURE.md names, eight at most', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const paragraph = /^`CanaryRelease\.canaryPercent` [\s\S]*?\n\n/m.exec(text)![0];
  const named = [...paragraph.matchAll(/`(src\/[^`]+\.ts)`/g)].map(([, file]) => file);
  expect(wayOfPercentage().sort()).toEqual([...named].sort());
  expect(named.length).toBeLessThanOrEqual(8);
});
