import type { WrittenField } from '../../src/manifest/written-match';
import type { FieldOf, HTTP_MATCH_FIELDS } from '../../src/traffic/match-fields';
import { re2Quote } from '../../src/traffic/re2';
import type { Dice } from '../fuzz/dice';

/** A condition on a string, in Istio's syntax. */
export type Text =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly regex: string }
  | { readonly [none: string]: never };

/** The conditions of each shape that Envoy compares with requests. */
interface ByShape {
  readonly 'path': Text;
  readonly 'string-match': Text;
  readonly 'string-matches': { readonly [name: string]: Text };
  readonly 'absences': { readonly [name: string]: Text };
  readonly 'flag': boolean;
}

type Http = typeof HTTP_MATCH_FIELDS;
type Field = WrittenField & FieldOf<Http, { readonly about: 'traffic' }>;

/** An alternative of a rule. */
export type Match = { readonly [F in Field]?: ByShape[Http[F]['shape']] };

/** An entry of a VirtualService's `http`: alternatives, or none for every request, and the treatment. */
export interface Rule {
  readonly match: readonly Match[];
  readonly does: { readonly [field: string]: unknown };
}

export const HOST = 'catalog.shop.svc.cluster.local';
const PATHS = ['/a', '/a/b', '/ab', '/b', '/a/', '/B'];
const VALUES = ['a', 'b', 'ab'];
const PATH_REGEXES = ['/a.*', '/[ab]', '/a(/.*)?', '/(a|b)/.*', '.*b', '/[^/]+', '/.*', '(?i)/ab?', '/\\w+/\\w+', '/a{1,2}b?'];
const VALUE_REGEXES = ['a|b', 'a.*', '.*', '.+', '[ab]+', '(?i)AB', '\\w', '[^a].*'];

export function destination(subset: string): { readonly destination: object } {
  return { destination: { host: HOST, subset, port: { number: 80 } } };
}

/** A treatment, usually only a destination, so that rules often have the same. */
export function treatment(dice: Dice): Rule['does'] {
  const route = dice.chance(0.9) ? [destination(dice.pick(['v1', 'v2', 'v3']))]
    : [{ ...destination('v1'), weight: 90 }, { ...destination('v2'), weight: 10 }];
  if (dice.chance(0.05)) return { redirect: { uri: dice.pick(['/new', '/a']) } };
  return {
    route,
    ...dice.fields(0.08, {
      timeout: () => dice.pick(['1s', '2s']),
      rewrite: () => ({ uri: dice.pick(['/x', '/a/', '/']) }),
      headers: () => ({ request: { set: { 'x-done': dice.pick(['1', '2']) } } }),
      retries: () => ({ attempts: dice.int(0, 3) }),
    }),
  };
}

function stringMatch(dice: Dice, values: readonly string[], regexes: readonly string[]): Text {
  const value = dice.pick(values);
  return dice.pick<Text>([{ exact: value }, { exact: value }, { prefix: value }, { regex: dice.pick(regexes) }]);
}

export function match(dice: Dice): Match {
  const value = () => stringMatch(dice, VALUES, VALUE_REGEXES);
  const makers: { readonly [F in Field]: readonly [chance: number, make: () => Match[F]] } = {
    uri: [0.6, () => stringMatch(dice, PATHS, PATH_REGEXES)],
    method: [0.2, () => stringMatch(dice, ['GET', 'POST'], ['GET|HEAD', 'P.*'])],
    headers: [0.2, () => ({ [dice.pick(['x-a', 'x-b'])]: dice.pick([value(), {}]) })],
    withoutHeaders: [0.2, () => ({ [dice.pick(['x-a', 'x-b'])]: dice.pick([value(), {}]) })],
    queryParams: [0.2, () => ({ q: dice.pick([value(), {}]) })],
    ignoreUriCase: [0.05, () => true],
    scheme: [0.05, () => ({ exact: dice.pick(['http', 'https']) })],
    authority: [0.05, () => ({ exact: dice.pick(['catalog', HOST]) })],
  };
  return Object.assign({}, ...Object.entries(makers).map(([field, [chance, make]]) => dice.fields(chance, { [field]: make })));
}

export function rules(dice: Dice): Rule[] {
  const some = dice.times(1, 6, (): Rule => ({ match: dice.times(1, 3, () => match(dice)), does: treatment(dice) }));
  return dice.chance(0.8) ? [...some, { match: [], does: treatment(dice) }] : some;
}

const WORLD = `apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: ${HOST}, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }, { name: v3, labels: { version: v3 } }] }
---
`;

/** The rules as manifests, with their service. */
export function manifestsOf(of: readonly Rule[]): string {
  const http = of.map(({ match: alternatives, does }) => ({ ...(alternatives.length > 0 ? { match: alternatives } : {}), ...does }));
  const service = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'catalog',
      namespace: 'shop',
    },
    spec: { hosts: [HOST], http },
  };
  return `${WORLD}${JSON.stringify(service)}\n`;
}

/** A condition as an equivalent regex. */
export function asRegex(of: Text): Text {
  if ('exact' in of && of.exact !== undefined) return { regex: of.exact === '' ? '()' : re2Quote(of.exact) };
  return 'prefix' in of && of.prefix !== undefined ? { regex: `${re2Quote(of.prefix)}.*` } : of;
}
