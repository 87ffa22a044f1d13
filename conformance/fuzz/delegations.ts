import type { Dice } from './dice';
import { corsPolicy, fault, headers, retries } from './treatments';
import { duration, exportTo, host, NAMESPACES, object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

type Fields = { [field: string]: unknown };
type Rule = (dice: Dice, place: number) => Fields;

const PREFIXES = ['/', '/items', '/items/1'];

function rootMatch(dice: Dice): Fields {
  return {
    uri: { prefix: dice.pick(PREFIXES) },
    ...dice.fields(0.2, {
      headers: () => ({ 'x-user': { exact: 'me' } }),
      sourceNamespace: () => 'shop',
      port: () => 80,
      ignoreUriCase: () => true,
      name: () => 'm',
      statPrefix: () => 's',
    }),
  };
}

function rootRule(dice: Dice, place: number, delegate: { readonly name: string; readonly namespace: string }): Fields {
  return {
    ...dice.fields(0.6, { name: () => `root-${place}`, match: () => dice.times(1, 2, () => rootMatch(dice)) }),
    delegate: { name: delegate.name, ...(dice.chance(0.8) ? { namespace: delegate.namespace } : {}) },
    ...dice.fields(0.2, {
      timeout: () => duration(dice),
      retries: () => retries(dice),
      headers: () => headers(dice),
      corsPolicy: () => corsPolicy(dice),
      fault: () => fault(dice),
    }),
  };
}

function partMatch(dice: Dice): Fields {
  return {
    uri: dice.pick([{ prefix: '/items/1' }, { exact: '/items' }, { prefix: '/' }, { regex: '/i.*' }]),
    ...dice.fields(0.2, {
      headers: () => ({ 'x-user': dice.pick([{ exact: 'me' }, { prefix: 'm' }, { regex: 'm.' }]) }), sourceNamespace: () => 'shop', port: () => 80,
    }),
  };
}

function part(dice: Dice, name: string, namespace: string, rule: Rule): KubernetesObject {
  const visible = exportTo(dice).filter((each, _, all) => each !== namespace || !all.includes('.'));
  const http = dice.times(1, 3, place => ({
    ...rule(dice, place), match: dice.maybe(0.7, () => dice.times(1, 2, () => partMatch(dice))), name: dice.maybe(0.5, () => `part-${place}`),
  }));
  return object(dice, 'networking.istio.io/v1', 'VirtualService', name, namespace, { ...(dice.chance(0.3) ? { exportTo: visible } : {}), http });
}

/** A VirtualService whose rules delegate, and its delegates; some of them are missing or not exported. */
export function delegating(dice: Dice, rule: Rule): KubernetesObject[] {
  const places = dice.times(1, 2, place => ({ name: `part-${place}`, namespace: dice.pick(NAMESPACES) }));
  const root = object(dice, 'networking.istio.io/v1', 'VirtualService', 'root', dice.pick(NAMESPACES), {
    hosts: [dice.pick(['shop.example.com', 'catalog', host('orders', 'other')])],
    ...(dice.chance(0.5) ? { gateways: ['istio-system/main', 'mesh'] } : {}),
    http: [...places.map((delegate, place) => rootRule(dice, place, delegate)), rule(dice, 9)],
  });
  return [root, ...places.filter(() => dice.chance(0.85)).map(({ name, namespace }) => part(dice, name, namespace, rule))];
}
