import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import * as cdktf from 'cdktf';
import * as fc from 'fast-check';
import { tofuBinary, TOFU_VERSION } from './installation';
import { steps } from '../../examples/coolstore/steps';
import { stableJson } from '../../src/manifest/stable-json';
import type { Report } from '../report';
import { manifestResource, TerraformManifests } from 'cdk8s-istio/cdktf';

/** Special sequences of Terraform templates and JSON strings, and ordinary ones. */
const PIECES = ['$', '%', '{', '}', '"', '\\', '\n', '~', '${', '%{', '$${', '%%{', '<<', '#{', 'a', ' ', '(', ')', '\t', 'é'];
const TEXTS = 3000;
const SEED = 20260827;

/** A resource in the JSON of a stack. */
interface Resource {
  readonly manifest: object;
  readonly depends_on?: readonly string[];
}

/** The reports of Terraform about its work. */
interface Event {
  readonly type: string;
  readonly hook?: { readonly resource: { readonly addr: string } };
}

/** Strings made of the pieces, as values, in lists and as keys. */
function odd(app: App): void {
  const text = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 10 }).map(parts => parts.join(''));
  const texts = fc.sample(text, { seed: SEED, numRuns: TEXTS });
  const chart = new Chart(app, 'odd', { namespace: 'odd' });
  for (let i = 0; i < TEXTS; i += 100) {
    const some = texts.slice(i, i + 100);
    const data = {
      texts: Object.fromEntries(some.map((value, n) => [`text${n}`, value])),
      list: some,
      keys: Object.fromEntries(some.slice(0, 20).map(key => [key, 'x'])),
    };
    new ApiObject(chart, `Texts${i}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `texts-${i}` }, data });
  }
  new ApiObject(chart, 'Others', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'others' },
    data: {
      numbers: [0, -1, 0.1, 2 ** 53 - 1],
      texts: ['0123', 'true', '', 'null'],
      flags: [true, false],
      empty: {},
      none: [],
      hollow: [{}],
    },
  });
}

/**
 * Applies a stack with resources that only store their value, because there is no cluster. Returns the result of each, and the order of
 * creation.
 */
function apply(tofu: string, resources: { readonly [name: string]: Resource }): { kept: Map<string, unknown>; events: Event[] } {
  const folder = mkdtempSync(join(tmpdir(), 'tofu-'));
  // A separate configuration, independent of the machine.
  const env = { ...process.env, TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: join(folder, 'tofu.rc') };
  writeFileSync(env.TF_CLI_CONFIG_FILE, '');
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(tofu, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28, env });
    if (status !== 0) throw new Error(`tofu ${args.join(' ')}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
    return stdout;
  };
  try {
    const data = Object.entries(resources).map(([name, { manifest, depends_on: before = [] }]) =>
      [name, { input: manifest, depends_on: before.map(address => address.replace('kubernetes_manifest.', 'terraform_data.')) }]);
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ resource: { terraform_data: Object.fromEntries(data) } }));
    run('init', '-input=false');
    const events = run('apply', '-auto-approve', '-input=false', '-json')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as Event);
    const state = JSON.parse(run('show', '-json')) as {
      values: { root_module: { resources: { name: string; values: { output: unknown } }[] } };
    };
    return { kept: new Map(state.values.root_module.resources.map(({ name, values }) => [name, values.output])), events };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The resources that started before a dependency was done. */
function tooEarly(resources: { readonly [name: string]: Resource }, events: readonly Event[]): string[] {
  const place = (type: string, address: string) =>
    events.findIndex(e => e.type === type && e.hook?.resource.addr === address.replace('kubernetes_manifest.', 'terraform_data.'));
  return Object.entries(resources).flatMap(([name, { depends_on: before = [] }]) => before
    .filter(other => place('apply_complete', other) < 0 || place('apply_complete', other) > place('apply_start', `terraform_data.${name}`))
    .map(other => `${name} started before ${other} was done`));
}

/** The errors in the objects of an App after Terraform has applied them. */
function wrongAfter(tofu: string, build: (app: App) => unknown): string[] {
  const app = new App();
  build(app);
  const stack = new cdktf.TerraformStack(cdktf.Testing.app(), 'stack');
  const manifests = new TerraformManifests(stack, 'Manifests', { source: app, resource: manifestResource(cdktf) });
  const { resource } = JSON.parse(cdktf.Testing.synth(stack, true)) as { resource: { kubernetes_manifest: { [name: string]: Resource } } };
  const { kept, events } = apply(tofu, resource.kubernetes_manifest);
  const changed = app.node.findAll().filter(c => ApiObject.isApiObject(c)).flatMap(object => {
    const name = (manifests.resourceFor(object) as cdktf.TerraformElement).friendlyUniqueId;
    // Terraform sorts keys.
    const [expected, actual] = [stableJson(object.toJson()), stableJson(kept.get(name))];
    return expected === actual ? [] : [`${object.node.path} became ${actual.slice(0, 500)} of ${expected.slice(0, 500)}`];
  });
  return [...changed, ...tooEarly(resource.kubernetes_manifest, events)];
}

/** Checks that manifests pass through a real Terraform engine unchanged, in the order of their dependencies. */
export function judgeTerraform(report: Report): void {
  const tofu = tofuBinary();
  if (tofu === undefined) {
    report.skip('a real Terraform engine keeps manifests unchanged', 'OpenTofu cannot be built here; see the messages above');
    return;
  }
  const wrong = [odd, ...steps.map(({ build }) => build)].flatMap(build => {
    try {
      return wrongAfter(tofu, build);
    } catch (e) {
      return [(e as Error).message];
    }
  });
  report.add('a real Terraform engine keeps manifests unchanged, and applies them in the order of their dependencies', wrong,
    `OpenTofu ${TOFU_VERSION}, ${TEXTS} odd strings, ${steps.length} examples`);
}
