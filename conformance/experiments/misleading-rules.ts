import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from './experiment';
import { exactly } from './experiment';
import { Backend } from '../envoy/backend';
import { send } from '../envoy/load';
import type { EnvoyProcess } from '../envoy/process';
import { withEnvoy } from '../envoy/scenario';

const FIXTURES = join(__dirname, '../../test/analysis/fixtures');
const LISTENER = '0.0.0.0_80';
const caller = { name: 'web', type: 'sidecar' as const, namespace: 'shop', labels: { app: 'web' } };

/** The result of a request: the status, and its destination or redirect. */
type Outcome = readonly [status: number, target?: string];

/** A request to the two examples of a rule, and its result in each. */
interface Trial {
  readonly rule: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly bad: Outcome;
  readonly good: Outcome;
}

function trial(rule: string, path: string, bad: Outcome, good: Outcome, headers?: Trial['headers']): Trial {
  return { rule, path, bad, good, headers };
}

const beta = { 'x-cohort': 'beta' };

/** The rules about misleading entries. */
const TRIALS: readonly Trial[] = [
  trial('path-without-slash', '/route', [404], [200, '/route']),
  trial('query-in-path', '/items?page=2', [404], [200, '/items?page=2']),
  trial('path-not-normalized', '/%69tems', [404], [200, '/items']),
  trial('path-not-normalized', '/items', [404], [200, '/items']),
  trial('pattern-in-path', '/user/7', [404], [200, '/user/7']),
  trial('method-never-sent', '/', [404], [200, '/']),
  trial('scheme-never-sent', '/', [404], [200, '/']),
  trial('authority-outside-hosts', '/', [404], [200, '/']),
  trial('conditions-exclude-each-other', '/', [404], [200, '/'], beta),
  trial('header-never-arrives', '/', [404], [200, '/'], beta),
  trial('query-parameter-never-sent', '/?q=a%20b', [404], [200, '/?q=a%20b']),
  trial('regex-compared-whole', '/api/7', [404], [200, '/api/7']),
  trial('regex-like-glob', '/api/7', [404], [200, '/api/7']),
  trial('regex-never-matches', '/a%5Eb', [404], [200, '/a%5Eb']),
  trial('port-never-called', '/', [200, '/'], [200, '/v2/']),
  trial('cookie-compared-whole', '/', [404], [200, '/'], { cookie: 'theme=dark; user=ann' }),
  trial('rewrite-doubles-slash', '/common/api', [200, '//api'], [200, '/api']),
  trial('rewrite-joins-segments', '/api/users', [200, '/v1users'], [200, '/v1/users']),
  trial('rewrite-drops-rest', '/a/7', [200, '/b'], [200, '/b/7']),
  trial('rewrite-without-slash', '/a/7', [400], [200, '/b/7']),
  trial('rewrite-group-missing', '/a/7', [200, '/b/$1'], [200, '/b/7']),
  trial('rewrite-escape-unknown', '/a/7', [200, '/b'], [200, '/b.html/7']),
  trial('rewrite-never-applies', '/a/7', [200, '/a/7'], [200, '/b/7']),
  trial('query-in-rewrite', '/a?page=2', [200, '/b?v=1?page=2'], [200, '/b?page=2']),
  trial('redirect-loop', '/app/', [301, 'http://HOST/app/'], [200, '/app/']),
  trial('url-as-authority', '/old', [301, 'http://HOST/https://store.example.com/new'], [301, 'https://store.example.com/new']),
  trial('condition-without-effect', '/form', [301, 'http://HOST/sent'], [200, '/form']),
];

const EXAMPLES = ['bad', 'good'] as const;
type Example = typeof EXAMPLES[number];

/** The service of an example. All examples name it `catalog`. */
const serviceOf = (rule: string, which: Example) => `${rule}-${which}`;

/** The examples of all rules as one mesh. */
function manifests(): string {
  const rules = [...new Set(TRIALS.map(({ rule }) => rule))];
  return rules.flatMap(rule => EXAMPLES.map(which => (
    readFileSync(join(FIXTURES, rule, `${which}.yaml`), 'utf8').replace(/\bcatalog\b/g, serviceOf(rule, which))))).join('\n---\n');
}

async function outcomeOf({ rule, path, headers }: Trial, which: Example, backend: Backend, envoy: EnvoyProcess): Promise<Outcome> {
  const host = serviceOf(rule, which);
  const before = backend.count;
  const { status, headers: answered } = await send({ to: envoy.listener(LISTENER), host, path, headers });
  const target = answered.location?.replace(host, 'HOST') ?? (status === 200 ? backend.requests[before]?.path : undefined);
  return target === undefined ? [status] : [status, target];
}

/** Tests the examples of the rules: the effect of each rule, and its repair. */
export const misleadingRules: Experiment = {
  name: 'misleading rules',
  run: async () => {
    const backend = await Backend.start({ name: 'catalog' });
    const backendsOf = (cluster: string) => (cluster.startsWith('outbound|') ? [backend] : []);
    return withEnvoy({ manifests: manifests(), proxy: caller, listeners: [LISTENER], backendsOf }, [backend], async envoy => {
      const results = [];
      // Requests run one after the other, because each is judged by the last request that the backend received.
      for (const one of TRIALS) {
        const outcomes = [await outcomeOf(one, 'bad', backend, envoy), await outcomeOf(one, 'good', backend, envoy)];
        const name = `${one.rule}: ${one.path} with the mistake, and with its repair`;
        results.push(exactly(name, outcomes, [one.bad, one.good], 'as the rule says'));
      }
      return results;
    });
  },
};
