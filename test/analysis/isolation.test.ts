import * as fc from 'fast-check';
import { island } from './island';
import { analyze } from '../../src/analysis';
import type { Finding } from '../../src/analysis';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { readManifests } from '../../src/manifest/manifest';

/** A broken object must never hide findings about other objects. */
const OPTIONS = { complete: true, meshConfig: { extensionProviders: [{ name: 'jaeger', opentelemetry: {} }] } };

function objectsOf(name: string, port: number): readonly KubernetesObject[] {
  const { objects, problems } = parseManifests(island(name, port).join('\n---\n'));
  expect(problems).toEqual([]);
  return objects;
}

const SOUND = objectsOf('sound', 8001);
const ODD = objectsOf('odd', 9001);

function findingsAbout(objects: readonly KubernetesObject[], findings: readonly Finding[]): string[] {
  const about = new Set(objects);
  return findings
    .filter(({ object }) => object && about.has(object))
    .map(({ rule, path, cause, repair }) => `${rule} ${path}: ${cause}; ${repair}`);
}

const EXPECTED = findingsAbout(SOUND, analyze([...SOUND, ...ODD], OPTIONS));

test('the unchanged objects have mistakes of many kinds', () => {
  expect(new Set(EXPECTED.map(text => text.split(' ')[0])).size).toBeGreaterThan(40);
});

/** Values of wrong types. */
const VALUES: readonly unknown[] = [null, 'text', '', 3, -1, 0, 1e400, true, [], {}, [null], ['x'], [{}], { a: null }, [[]], { '': '' }];

type Place = readonly [parent: { [key: string]: unknown }, key: string];

/** Every field and item below a value. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as { [key: string]: unknown };
  return Object.keys(fields).flatMap(key => [[fields, key] as Place, ...placesIn(fields[key])]);
}

/** Every place of an object except those that identify it. */
function mutablePlaces(object: KubernetesObject): Place[] {
  return placesIn(object).filter(([parent, key]) => (parent as unknown) !== object || (key !== 'apiVersion' && key !== 'kind'));
}

const mutation = fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), value: fc.constantFrom(...VALUES) });

test('a value of any type at any place of an object fails no rule, and changes no finding about others', () => {
  fc.assert(fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), mutations => {
    const odd = structuredClone(ODD) as KubernetesObject[];
    for (const { at, value } of mutations) {
      const places = odd.flatMap(mutablePlaces);
      const [parent, key] = places[Math.floor(at * places.length)];
      parent[key] = structuredClone(value);
    }
    const findings = analyze([...SOUND, ...odd], OPTIONS);
    expect(findings.filter(({ rule }) => rule === 'rule-failed').map(({ cause }) => cause)).toEqual([]);
    expect(findingsAbout(SOUND, findings)).toEqual(EXPECTED);
  }), { numRuns: 60 });
});

/** A copy of an object with a field that throws when a rule reads it, like a bug in a rule. */
function withFault(object: KubernetesObject, place: number): { readonly object: KubernetesObject; readonly isRead: () => boolean } {
  let isArmed = false;
  let isRead = false;
  const copy = structuredClone(object) as KubernetesObject;
  const [parent, key] = placesIn(copy.spec)[place];
  const value = parent[key];
  Object.defineProperty(parent, key, {
    enumerable: true,
    get: () => {
      if (!isArmed) return value;
      isRead = true;
      throw new Error('boom');
    },
  });
  // An object is read once by its schema, before any rule.
  readManifests([copy]);
  isArmed = true;
  return { object: copy, isRead: () => isRead };
}

test.each(
  ODD.map((object, which) => [`${object.kind} ${object.metadata.name}`, which] as const),
)('if the analysis fails on a field of %s, that is a finding, and findings about others stay', (_, which) => {
  // Every fourth field is enough, across all objects.
  for (let place = which % 4; place < placesIn(ODD[which].spec).length; place += 4) {
    const { object, isRead } = withFault(ODD[which], place);
    const odd = ODD.map((other, i) => (i === which ? object : other));
    const findings = analyze([...SOUND, ...odd], OPTIONS);
    const failed = findings.filter(({ rule }) => rule === 'rule-failed');
    expect(failed.filter(finding => !odd.includes(finding.object!) || !finding.cause.includes('boom'))).toEqual([]);
    expect(failed.length > 0).toBe(isRead());
    expect(findingsAbout(SOUND, findings)).toEqual(EXPECTED);
  }
});
