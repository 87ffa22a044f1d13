import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastApplied } from '../../src/manifest/last-applied';
import { loadManifests, parseManifests } from '../../src/manifest/loader';
import { Mesh } from '../../src/simulator';

const folder = mkdtempSync(join(tmpdir(), 'beside-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const service = (name: string, port: number) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { ports: [{ name: http, port: ${port} }] }\n`;
const METADATA = '{"version":"1.0.0","resources":{"shop-catalog":{"path":"shop/Catalog/Default"}}}';

describe('what cdk8s writes next to manifests for its validations', () => {
  test.each(['construct-metadata.json', 'metadata.json', 'metadata.yaml'])('is skipped silently, by its shape: %s', name => {
    expect(loadManifests([file(name, METADATA)])).toMatchObject({ objects: [], problems: [] });
  });

  test.each([
    ['values of a chart', '{"version":"1.0.0","resources":{"limits":{"cpu":"1"}}}'],
    ['an object with more fields', '{"version":"1.0.0","resources":{},"kind":"Service"}'],
  ])('is not recognized in %s', (_, text) => expect(parseManifests(text).problems).toHaveLength(1));
});

describe('files of other tools in a folder', () => {
  file('service.yaml', service('catalog', 80));
  file('Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  file('values.yaml', 'image: { tag: "1" }\nresources: { limits: { cpu: 1 } }\n');
  file('kustomization.yaml', 'resources: [service.yaml]\n');
  file('Kustomization.yml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [service.yaml]\n');
  file('mkdocs.yml', 'theme: { icon: !!python/name:material.emoji x }\n');
  file('stack.yaml', 'Resources: { A: !Sub "x" }\n');
  file('package.json', '{ "name": "shop", "version": "1.0.0" }');
  file('.DS_Store', '\0\0');

  test('are not broken manifests', () => {
    const { objects, problems } = loadManifests([folder]);
    expect(objects.map(({ metadata }) => metadata.name)).toContain('catalog');
    expect(problems.filter(({ foreign }) => !foreign)).toEqual([]);
  });

  test('keep no Mesh from being made, and its notes list what was skipped', () => {
    const { notes } = Mesh.fromFiles(folder);
    expect(notes).toContainEqual(expect.stringMatching(/^skipped: .*Chart\.yaml:1: the document has no kind/));
  });

  test('a tag in a manifest is still an error', () => {
    expect(parseManifests(`${service('catalog', 80)}  clusterIP: !Ref x\n`).problems).toEqual([
      expect.not.objectContaining({ foreign: true }),
    ]);
  });
});

describe('an object in two files', () => {
  const [one, two] = [file('one.yaml', service('orders', 80)), file('two.yaml', service('orders', 8080))];

  test('is one object, that of the last file, as kubectl apply leaves it', () => {
    const { objects, notes } = lastApplied(loadManifests([one, two]));
    expect(objects).toMatchObject([{ spec: { ports: [{ port: 8080 }] } }]);
    expect(notes).toEqual([`Service shop/orders is in ${one}:1 and in ${two}:1; the last one counts, as with kubectl apply`]);
  });

  test('in two versions of one group is one object, and in two namespaces, groups or kinds it is two', () => {
    const object = (apiVersion: string, kind = 'VirtualService', namespace = 'shop') =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: catalog, namespace: ${namespace} }\n`;
    const count = (...texts: string[]) => lastApplied(parseManifests(texts.join('---\n'))).objects.length;
    expect(count(object('networking.istio.io/v1'), object('networking.istio.io/v1beta1'))).toBe(1);
    expect(count(object('networking.istio.io/v1'), object('networking.istio.io/v1', 'Gateway'))).toBe(2);
    expect(count(object('networking.istio.io/v1'), object('networking.istio.io/v1', 'VirtualService', 'web'))).toBe(2);
    expect(count(object('networking.istio.io/v1', 'Gateway'), object('gateway.networking.k8s.io/v1', 'Gateway'))).toBe(2);
  });

  test('many of them are reported in one note', () => {
    const many = Array.from({ length: 10 }, (_, i) => service(`s${i}`, 80)).join('---\n');
    const { notes } = lastApplied(parseManifests(`${many}---\n${many}`));
    expect(notes).toHaveLength(4);
    expect(notes[3]).toBe('7 more objects occur more than once; if each folder is an environment, analyze each of them separately');
  });
});
