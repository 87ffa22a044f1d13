import { changes, routes, to, VERSIONS, WORLD } from './sides';
import { Dice } from '../../conformance/fuzz/dice';
import { replayProblem } from '../../conformance/proof/replay';
import { parseManifests } from '../../src/manifest/loader';
import { Mesh } from '../../src/simulator/mesh';
import type { Claims } from '../../src/simulator/token';

const GATEWAY = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-system }
spec:
  selector: { istio: ingressgateway }
  servers: [{ hosts: ["*"], port: { number: 80, name: http, protocol: HTTP } }]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: ingressgateway } }
  jwtRules: [{ issuer: iss }, { issuer: other, audiences: [shop] }]
`;

const NAMES = ['.g', '[g]', '.g.h', '[scope]', '[iss]', '[aud]', '[exp]'];
const CONDITIONS = ['{ exact: a }', '{ exact: b }', '{ prefix: a }', '{ regex: "a.*|b" }', '{ regex: ".*" }', '{ exact: iss }', '{ exact: shop }'];
/** Values of claims that tell the conditions apart, alone and in lists. */
const VALUES = ['a', 'b', 'ab', 'c', 'a b', '', ['a', 'b'], ['c', 'ab'], [], 7, { h: 'a' }, { h: ['b', 'c'] }, undefined];

function claims(dice: Dice): string {
  const conditions = new Map(dice.times(1, 2, () => [`"@request.auth.claims${dice.pick(NAMES)}"`, dice.pick(CONDITIONS)] as const));
  return `{ ${[...conditions].map(([name, condition]) => `${name}: ${condition}`).join(', ')} }`;
}

function rule(dice: Dice): string {
  const fields = [
    ...dice.maybe(0.8, () => [`headers: ${claims(dice)}`]) ?? [], ...dice.maybe(0.3, () => [`withoutHeaders: ${claims(dice)}`]) ?? [],
    ...dice.maybe(0.2, () => ['uri: { prefix: /a }']) ?? [],
  ];
  const match = fields.length === 0 ? '' : `match: [{ ${fields.join(', ')} }], `;
  return `{ ${match}${to({ [dice.pick(['v1', 'v2', 'v3'])]: 1 })} }`;
}

/** Two lists of rules, of which the second is the first with a rule that is new, gone, moved or other. */
function pair(dice: Dice): readonly [string, string] {
  const before = dice.times(1, 4, () => rule(dice));
  const after = [...before];
  const place = dice.int(0, before.length - 1);
  const way = dice.int(1, 4);
  if (way === 1) after.splice(place, 1);
  else if (way === 2) after.splice(place, 0, rule(dice));
  else if (way === 3) after[place] = rule(dice);
  else after.push(...after.splice(place, 1));
  return [before, after].map(list => `[${[...list, `{ ${to({ v1: 1 })} }`].join(', ')}]`) as unknown as [string, string];
}

function tokens(): Claims[] {
  return VALUES.flatMap(g => ['a', 'a b', undefined].flatMap((scope): Claims[] => (
    [{ iss: 'iss', g, scope }, { iss: 'iss', g, scope, aud: ['a', 'b'] }, { iss: 'other', aud: 'shop', g, scope }])));
}

function answer(mesh: Mesh, path: string, token: Claims | undefined): string {
  const gateway = token ? mesh.gateway().withToken(JSON.parse(JSON.stringify(token)) as Claims) : mesh.gateway();
  const { outcome, split } = gateway.get(`http://shop.example.com${path}`);
  return `${outcome} ${split.map(({ subset }) => subset).join()}`;
}

// The simulator decides, which the part access-requests compares with a real Envoy.
test.each(Array.from({ length: 25 }, (_, i) => i + 1))('claims of generated routes change traffic only as diff says (seed %i)', seed => {
  const [old, now] = pair(new Dice(seed)).map(http => (
    WORLD + VERSIONS + GATEWAY + routes(http, { hosts: '[shop.example.com]', gateways: '[istio-system/public]' })));
  const [before, after] = [old, now].map(text => Mesh.fromManifests(parseManifests(text).objects));
  const found = changes(old, now);
  const problems = found.map(change => replayProblem(change, before, after)).filter(problem => problem !== undefined);
  expect(problems).toEqual([]);
  expect(found.filter(({ kind }) => kind === 'not-decided')).toEqual([]);
  const notices = [undefined, ...tokens()].flatMap(token => ['/', '/a'].filter(path => answer(before, path, token) !== answer(after, path, token))
    .map(path => `${path} ${JSON.stringify(token)}`));
  expect({ found: found.length > 0, notices: found.length > 0 ? [] : notices }).toEqual({ found: found.length > 0, notices: [] });
});
