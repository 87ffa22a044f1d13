import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMAS } from '../../scripts/file-schemas';
import { parseInvariants } from '../../src/invariants/invariants-file';
import { ROOT } from '../cli/command-line';
import { errorOf } from '../error-of';

const refused = (text: string) => errorOf(() => parseInvariants(text, 'invariants.yaml'));

test('the JSON Schema in the package is the one that files are checked with', () => {
  expect(readFileSync(join(ROOT, 'schemas/invariants.json'), 'utf8')).toBe(SCHEMAS['invariants.json']);
});

test('every example of the page is a file of invariants', () => {
  const page = readFileSync(join(ROOT, 'docs/invariants.md'), 'utf8');
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
  expect(examples).toHaveLength(1);
  expect(parseInvariants(examples[0], 'invariants.yaml').map(({ line }) => line)).toEqual([4, 8, 12, 16, 21, 25]);
});

test.each([
  ['an unknown field', `invariants:
  - name: a
    never:
      frm: [{ namespace: dev }]
      to: { namespace: payments }
`, 'invariants.yaml:4: invariants[0].never.frm is an unknown field; did you mean from?'],
  ['a missing destination', 'invariants: [{ name: a, never: {} }]', 'invariants.yaml:1: invariants[0].never has no to; add to: an object'],
  ['no statement', `invariants:
  - name: a
`, 'invariants.yaml:2: invariants[0] has no statement; use one of never, always, egress'],
  ['two statements', 'invariants: [{ name: a, never: { to: { host: x } }, egress: { through: a/b=c } }]',
    'invariants.yaml:1: invariants[0] has never and egress; use one of never, always, egress'],
  ['a demand of nothing', 'invariants: [{ name: a, always: { requests: { host: shop } } }]',
    'invariants.yaml:1: invariants[0].always demands nothing; add one of reach, timeout, retries, share'],
  ['a duration without a unit', 'invariants: [{ name: a, always: { requests: {}, timeout: { atMost: "5" } } }]',
    "invariants.yaml:1: invariants[0].always.timeout.atMost is '5', but must be a duration above 0; write one such as 5s or 250ms"],
  ['a share above 100', 'invariants: [{ name: a, always: { requests: {}, share: { to: { host: x }, atMost: 101 } } }]',
    'invariants.yaml:1: invariants[0].always.share.atMost is 101; use a number from 0 to 100'],
  ['a share without bounds', 'invariants: [{ name: a, always: { requests: {}, share: { to: { host: x } } } }]',
    'invariants.yaml:1: invariants[0].always.share has neither atMost nor atLeast; add one of them, in percent'],
  ['a caller of two kinds', 'invariants: [{ name: a, never: { from: [{ namespace: dev, gateway: a/b=c }], to: { host: x } } }]',
    'invariants.yaml:1: invariants[0].never.from[0] has namespace and gateway; use one of namespace, serviceAccount, gateway'],
  ['a gateway without labels', 'invariants: [{ name: a, egress: { through: istio-system } }]',
    "invariants.yaml:1: invariants[0].egress.through is 'istio-system'; write NAMESPACE/KEY=VALUE, such as "
    + 'istio-system/istio=ingressgateway'],
  ['a caller in a match', 'invariants: [{ name: a, never: { requests: { match: [{ sourceNamespace: dev }] }, to: { host: x } } }]',
    'invariants.yaml:1: invariants[0].never.requests.match[0].sourceNamespace is an unknown field; use one of uri, ignoreUriCase, method, '
    + 'scheme, authority, headers, withoutHeaders, queryParams'],
  ['a wrong regex', 'invariants: [{ name: a, never: { requests: { match: [{ uri: { regex: "/a(" } }] }, to: { host: x } } }]',
    'invariants.yaml:1: invariants[0].never.requests.match[0].uri.regex is not a regex of RE2: '],
  ['a name twice', `invariants:
  - { name: a, never: { to: { host: x } } }
  - { name: a, never: { to: { host: z } } }
`, "invariants.yaml:3: invariants[1].name is 'a', the name of invariants[0] too; use another name"],
  ['no invariant', 'invariants: []', 'invariants.yaml:1: invariants is an empty list; add an item, or remove the field'],
  ['an empty file', '', 'invariants.yaml has no invariants; add at least one'],
])('%s is refused with its line and a repair', (_, text, message) => {
  expect(refused(text)).toContain(message);
});
