import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { blocksOf, DOCS, load, pages, README } from '../../conformance/pages';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';

describe('the README', () => {
  const readme = blocksOf(README);
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  const { CDK8S_OUTDIR } = process.env;

  beforeAll(() => {
    process.env.CDK8S_OUTDIR = outdir;
  });

  afterAll(() => {
    if (CDK8S_OUTDIR === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  });

  test('starts with a program that writes one DestinationRule and one VirtualService', () => {
    load(readme.find(({ language }) => language === 'ts')!.text);
    const written = readdirSync(outdir)
      .filter(file => file.endsWith('.yaml'))
      .flatMap(file => yaml.loadAll(readFileSync(join(outdir, file), 'utf8')) as Manifest[]);
    expect(written.flatMap(crdErrors)).toEqual([]);
    expect(written.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['DestinationRule catalog', 'VirtualService catalog']);
  });

  test('shows the summary of a step of the walk-through', () => {
    const lines: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    jest.requireActual('../../examples/coolstore/summary');
    log.mockRestore();
    const shown = readme.find(({ language, text }) => language === 'text' && text.startsWith('== '))!.text;
    const steps = lines.join('\n').split('\n\n').map(step => step.trim());
    expect(steps).toContain(shown.trim());
  });

  test('links to every page', () => {
    const index = readFileSync(join(DOCS, 'README.md'), 'utf8');
    const others = pages().filter(file => file !== 'README.md');
    expect(others.filter(page => !index.includes(`(${page})`))).toEqual([]);
  });

  test.each([
    ['starts a project outside of a clone', 'getting-started.md', 'npx cdk8s-istio init'],
    ['sets golden paths for several teams', 'golden-paths.md', 'TrafficDefaults'],
    ['uses cdk8s-plus', 'cdk8s-plus.md', 'MeshService.fromService'],
    ['states what the cluster already has', 'cluster-facts.md', 'cdk8s-istio facts'],
    ['turns existing YAML into a program', 'adopting.md', 'cdk8s-istio adopt'],
    ['moves existing YAML by hand', 'moving-yaml.md', 'VirtualService'],
    ['asks where a route comes from', 'origins.md', 'Origins.record'],
    ['asks whether the library fits', 'does-it-fit.md', 'Flagger'],
    ['asks what diff and request do not see', 'unseen.md', 'EnvoyFilter'],
    ['configures the provider of Terraform', 'terraform.md', 'new KubernetesProvider('],
    ['uses Python', 'languages.md', 'jsii-pacmak'],
    ['looks up a word', 'glossary.md', 'subset'],
  ])('has a page for a team that %s', (_, page, text) => {
    expect(readFileSync(join(DOCS, page), 'utf8')).toContain(text);
  });
});
