import { run } from './command-line';
import { file, workload } from '../invariants/mesh';

const MANIFESTS = file('manifests.yaml', `${workload('ledger', 'payments')}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: access, namespace: payments }
spec: { rules: [{ from: [{ source: { namespaces: [shop] } }], to: [{ operation: { methods: [POST] } }] }] }
`);
const INVARIANTS = file('invariants.yaml', `kind: Invariants
invariants:
  - name: dev reaches no ledger
    never: { from: [{ namespace: dev }], to: { host: ledger.payments } }
  - name: the shop reaches no ledger
    never: { from: [{ namespace: shop }], to: { host: ledger.payments } }
  - name: the ledger has limits
    always: { requests: { host: ledgers.payments }, timeout: { atMost: 5s } }
`);
const check = (...args: string[]) => run(['check', INVARIANTS, MANIFESTS, ...args]);

test('each invariant has a result, and one that does not hold the request that breaks it', async () => {
  const { code, stdout, stderr } = await check();
  expect(code).toBe(1);
  expect(stdout).toContain('invariants.yaml:3: holds: dev reaches no ledger');
  expect(stdout).toContain('invariants.yaml:5: does not hold: the shop reaches no ledger');
  expect(stdout).toContain('what breaks it: POST http://ledger.payments.svc.cluster.local/, from sidecars in shop');
  expect(stdout).toContain('AuthorizationPolicy payments/access, rules[0] allows it');
  expect(stdout).toContain('invariants.yaml:7: not decided: the ledger has limits');
  expect(stdout).toContain('reason: no caller has HTTP routes for ledgers.payments');
  expect(stderr).toBe('1 holds, 1 does not hold, 1 is not decided\n');
});

test('the command in the output replays the request', async () => {
  const { stdout } = await check();
  const [, line] = /replay: cdk8s-istio (.*)/.exec(stdout)!;
  const { code, stdout: replayed } = await run([...line.split(' '), '--expect-routed']);
  expect([code, replayed.trim().split('\n').at(-1)]).toEqual([0, '  outcome: routed']);
});

test('JSON has the request and its way, and GitHub gets an annotation per invariant that does not hold or is not decided', async () => {
  const { results } = JSON.parse((await check('--format', 'json')).stdout);
  expect(results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['holds', 'does not hold', 'not decided']);
  expect(results[1].witness).toMatchObject({ request: { method: 'POST' }, caller: { namespace: 'shop' }, outcome: 'routed' });
  const commands = (await check('--format', 'github')).stdout.trim().split('\n');
  expect(commands.map(command => command.replace(/file=[^,]*/, 'file=F').slice(0, 60))).toEqual([
    '::error file=F,line=5,title=does not hold%3A the shop reache',
    '::warning file=F,line=7,title=not decided%3A the ledger has ',
  ]);
});

test('what is not decided fails unless that is allowed, and what does not hold always fails', async () => {
  const open = file('open.yaml', 'invariants: [{ name: open, never: { to: { host: ghost.payments } } }]');
  expect((await run(['check', open, MANIFESTS])).code).toBe(1);
  expect((await run(['check', open, MANIFESTS, '--allow-undecided'])).code).toBe(0);
  expect((await check('--allow-undecided')).code).toBe(1);
});

test('a mistake in the file of invariants is a usage error with its line', async () => {
  const wrong = file('wrong.yaml', 'invariants:\n  - name: a\n    nevr: {}\n');
  const { code, stderr } = await run(['check', wrong, MANIFESTS]);
  expect([code, stderr]).toEqual([2, `error: ${wrong}:3: invariants[0].nevr is an unknown field; did you mean never?\n`]);
});
