import type { Outcome } from './program';
import { Program } from './program';
import { envoyVerdicts } from '../envoy/validation';
import type { Proxy } from '../istiod/client';
import { admit, translate } from '../istiod/client';
import type { Report } from '../report';
import { UNFOUNDED } from '../verdicts';
import { analyze } from 'cdk8s-istio/analysis';

const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { name: 'catalog', type: 'sidecar', namespace: 'shop', labels: { app: 'catalog', version: 'v1' } },
  { name: 'gate', type: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
  { name: 'egress', type: 'gateway', namespace: 'istio-system', labels: { istio: 'egressgateway' } },
];
const MESH_CONFIG = 'extensionProviders: [{ name: zipkin, zipkin: { service: orders.shop.svc.cluster.local, port: 80 } }]';
/** The Services that the programs describe without creating them. */
const SERVICES = ['orders', 'web', 'api'].map(name => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: {
    selector: { app: name },
    ports: [
      { name: 'http', port: 80 }, { name: 'http-other', port: 8080 }, { name: 'tcp', port: 5432 }, { name: 'tls', port: 8443 }, { name: 'https', port: 443 },
    ],
  },
}));
const GATEWAYS = [['istio-ingressgateway', 'ingressgateway'], ['istio-egressgateway', 'egressgateway']].map(([name, istio]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'istio-system' },
  spec: { selector: { istio }, ports: [{ name: 'http2', port: 80, targetPort: 8080 }, { name: 'https', port: 443, targetPort: 8443 }] },
}));

/** The start of a clear error: the path of a construct, an environment, or the call that makes a value. A synth lists several errors. */
const PLACED = /^(shop(\/[^:\s]+)?(\.\w+)?: |environment '[^']*': |[A-Z]\w*(\.\w+)?: |Validation failed with the following errors:\n)/;

/** What is wrong with the errors of a program. */
function unclear({ id, refusals }: Outcome): string[] {
  return refusals.flatMap(({ call, error }) => {
    const isPlain = error instanceof Error && error.name === 'Error' && PLACED.test(error.message);
    return isPlain ? [] : [`${id}: ${call}: ${String(error).slice(0, 300)}${error instanceof Error ? placeOf(error) : ''}`];
  });
}

function placeOf({ stack = '' }: Error): string {
  return ` ${stack.split('\n').filter(line => line.includes('/src/')).slice(0, 2).map(line => line.trim()).join(' ')}`;
}

/** A document as YAML, in which some control characters must be escaped. */
function yamlOf(document: object): string {
  return JSON.stringify(document).replace(/[\u007F-\u009F]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The warnings about values, which the constructs refuse by the functions of these rules. */
const REFUSED = ['cookie-compared-whole', 'header-never-arrives', 'method-never-sent', 'path-without-slash', 'pattern-in-path',
  'query-parameter-never-sent', 'regex-like-glob', 'rewrite-escape-unknown', 'rewrite-group-missing', 'scheme-never-sent'];

/** What the analysis reports of programs that should have been refused. Gateways may have other ports than here, so they are left out. */
function findingsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ id, calls, documents = [] }) => {
    const found = analyze([...SERVICES, ...documents] as Parameters<typeof analyze>[0]);
    return found.filter(({ rule, severity }) => severity === 'error' || REFUSED.includes(rule))
      .map(({ rule, path, cause }) => `${id}: ${calls.join('; ')}: ${rule} ${path}: ${cause}`);
  });
}

const CHUNK = 500;

/** Runs random programs: those that are accepted must be accepted by istiod and Envoy, and every error must be clear. */
export async function judgePrograms(report: Report, count: number, seed = 1): Promise<void> {
  const errors: string[] = [];
  const rejected: string[] = [];
  const refused: string[] = [];
  const found: string[] = [];
  let accepted = 0;
  let calls = 0;
  for (let at = 0; at < count; at += CHUNK) {
    const outcomes = Array.from({ length: Math.min(CHUNK, count - at) }, (_, i) => new Program(seed + at + i).run());
    errors.push(...outcomes.flatMap(unclear));
    const made = outcomes.filter(({ documents }) => documents !== undefined);
    accepted += made.length;
    calls += outcomes.reduce((sum, outcome) => sum + outcome.calls.length + outcome.refusals.length, 0);
    found.push(...findingsOf(made));
    rejected.push(...await admissionOf(made));
    refused.push(...await envoyOf(made));
  }
  const figures = `${count} programs of ${calls} calls, ${accepted} accepted`;
  report.add('every error of a program names the construct and the cause', errors, figures);
  report.add('istiod and the CRDs accept what an accepted program renders, without warnings', rejected, figures);
  report.add('Envoy accepts what an accepted program renders', refused, figures);
  report.add('the analysis finds no error in what an accepted program renders, and no value that a construct refuses', found, figures);
}

async function admissionOf(outcomes: readonly Outcome[]): Promise<string[]> {
  const documents = outcomes.flatMap(({ id, calls, documents: all = [] }) => all
    .filter(document => (document as { readonly apiVersion: string }).apiVersion.includes('istio.io'))
    .map((document, i) => ({ id: `${id} #${i}`, calls, document: yamlOf(document) })));
  const distinct = [...new Set(documents.map(({ document }) => document))];
  const admitted = await admit(distinct.map(document => ({ id: '', document })));
  const answers = new Map(distinct.map((document, i) => [document, admitted[i]]));
  return documents.flatMap(({ document }, i) => {
    const answer = answers.get(document)!;
    const by = `${documents[i].id}: ${documents[i].calls.join('; ')}`;
    if (answer.error !== undefined) return [`${by}: ${answer.error}`];
    const { kind, name, admission, crd } = answer;
    const warnings = (admission.warnings ?? []).filter(text => !UNFOUNDED.some(u => u.text === text && u.of.startsWith(`${kind} `)));
    return [...admission.errors, ...warnings, ...crd.errors].map(text => `${by} (${kind} ${name}): ${text}`);
  });
}

async function envoyOf(outcomes: readonly Outcome[]): Promise<string[]> {
  const answers = await translate(outcomes.map(({ id, documents = [] }) => (
    { id, manifests: [...SERVICES, ...GATEWAYS, ...documents].map(yamlOf).join('\n---\n'), proxies: PROXIES, meshConfig: MESH_CONFIG })));
  const by = (i: number) => `${outcomes[i].id}: ${outcomes[i].calls.join('; ')}`;
  const untranslated = answers.flatMap((answer, i) =>
    answer.error === undefined ? [] : [`${by(i)}: istiod: ${answer.error.slice(0, 300)}`],
  );
  const verdicts = await envoyVerdicts(
    answers.map(answer => ({ configs: answer.error === undefined ? answer.proxies : [], isExpected: true })),
  );
  return [...untranslated, ...verdicts.flatMap((verdict, i) => (verdict === undefined ? [] : [`${by(i)}: ${verdict}`]))];
}
