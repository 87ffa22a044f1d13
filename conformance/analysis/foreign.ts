import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { analyze, describeFinding } from '../../src/analysis';
import type { Finding } from '../../src/analysis';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { lastApplied } from '../../src/manifest/last-applied';
import { loadManifests } from '../../src/manifest/loader';
import { FOLDER } from '../foreign/gateway-api';
import { keptConditions } from '../foreign/gateway-api-conditions';
import { analyze as ask } from '../istiod/client';

/** The folders of Istio's module with working manifests. Its other folders have charts, CRDs and manifests with deliberate mistakes. */
const FOLDERS = [
  'samples',
  'tests',
  'pilot',
  'cni',
  'security',
  'tools',
  'pkg/kube',
  'pkg/test',
  'istioctl/pkg/writer',
  'istioctl/pkg/describe',
];
const NAMESPACE = 'default';
/** The minimum number of inputs. With fewer, folders have moved. */
const LEAST = 400;

/** The differences that have a reason, by input and rule. One that does not occur fails the run. */
const EXPLAINED: readonly { readonly id: string; readonly rule: string; readonly reason: string }[] = [{
  id: 'tests/testdata/config/rule-websocket-route.yaml',
  rule: 'schema-violation',
  reason: 'The CRD has no websocketUpgrade, which the API server drops. The analyzers read without the CRD.',
}, {
  id: `${FOLDER}/testdata/listenerset-overlapping-port.yaml`,
  rule: 'listener-without-tls',
  reason: 'istiod leaves the listener out, and only its log says so.',
}];

/** Manifests as their authors apply them: a file, or a folder of samples. */
interface ForeignInput {
  readonly id: string;
  readonly objects: readonly KubernetesObject[];
}

/** The folder of the module from which the referee is built. */
function moduleFolder(): string {
  const { stdout } = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], {
    cwd: join(__dirname, '../istiod'),
    encoding: 'utf8',
  });
  return stdout.trim();
}

/** The YAML files of a folder, and those of each of its folders. */
function* filesBelow(folder: string): Generator<{ readonly path: string; readonly files: readonly string[] }, string[]> {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...yield* filesBelow(path));
    else if (/\.ya?ml$/.test(entry.name)) files.push(path);
  }
  if (files.length > 1) yield { path: folder, files };
  for (const file of files.filter(path => join(path, '..') === folder)) yield { path: file, files: [file] };
  return files;
}

function foreignInputs(root: string): readonly ForeignInput[] {
  const known = new Map();
  const inputs = FOLDERS.flatMap(folder => [...filesBelow(join(root, folder))])
    .filter(({ path, files }) => files.length === 1 || relative(root, path).startsWith('samples'));
  const read = (files: readonly string[]) => lastApplied(loadManifests(files, { namespace: NAMESPACE, known })).objects;
  return inputs.map(({ path, files }) => ({ id: relative(root, path), objects: read(files) })).filter(({ objects }) => objects.length > 0);
}

/** The objects in which istiod reports a problem by a condition of their status, by input. Its analyzers do not read the Gateway API. */
function reportedByStatus(): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(keptConditions().inputs.map(({ input, problems }) => (
    [`${FOLDER}/testdata/${input}.yaml`, new Set(problems.map(problem => problem.split(' ', 2).join(' ')))])));
}

/** Errors of our analysis on manifests from others that neither Istio's analyzers nor istiod's conditions report. */
export async function foreignErrorDrift(): Promise<{ readonly wrong: string[]; readonly figure: string }> {
  const inputs = foreignInputs(moduleFolder());
  const judged = inputs.map(input => ({ ...input, errors: analyze(input.objects).filter(({ severity }) => severity === 'error') }));
  const suspect = judged.filter(({ errors }) => errors.length > 0);
  const answers = await ask(
    suspect.map(({ id, objects }) => ({
      id,
      files: { 'all.yaml': objects.map(object => JSON.stringify(object)).join('\n---\n') },
      namespace: NAMESPACE,
    })),
  );
  const used = new Set<object>();
  const byStatus = reportedByStatus();
  const wrong = answers.flatMap((answer, i) => {
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    const isTheirs = ({ codes, resource }: Finding) => {
      const name = `${resource?.kind} ${resource?.namespace}/${resource?.name}`;
      return byStatus.get(answer.id)?.has(name)
        || answer.messages.some(message => codes.includes(message.code) && message.resource === name);
    };
    return suspect[i].errors.filter(error => !isTheirs(error)).flatMap(error => {
      const explained = EXPLAINED.find(({ id, rule }) => id === answer.id && rule === error.rule);
      if (explained) used.add(explained);
      return explained ? [] : [`${answer.id}: only we find ${describeFinding(error)}`];
    });
  });
  wrong.push(...EXPLAINED.filter(one => !used.has(one)).map(({ id, rule }) => `${id}: ${rule} is explained, but not found`));
  if (inputs.length < LEAST) wrong.push(`only ${inputs.length} inputs are in Istio's module`);
  return { wrong, figure: `${inputs.length} files and folders, ${suspect.reduce((sum, { errors }) => sum + errors.length, 0)} errors` };
}
