import type { Dice } from './dice';
import { corsPolicy, fault, headers, retries } from './treatments';
import { duration, exportTo, host, NAMESPACES, object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { WrittenField } from '../../src/manifest/written-match';

type Fields = { [field: string]: unknown };
/** A value for each field of a match that a root and its delegate may both set. */
type Makers = { readonly [F in Exclude<WrittenField, 'uri'>]: () => unknown };
type Rule = (dice: Dice, place: number) => Fields;

const PREFIXES = ['/', '/items', '/items/1'];

function rootMatch(dice: Dice): Fields {
  return {
    uri: { prefix: dice.pick(PREFIXES) },
    ...dice.fields(0.2, {
      scheme: () => ({ exact: 'http' }),
      method: () => ({ prefix: 'P' }),
      authority: () => ({ prefix: 'shop' }),
      headers: () => ({ 'x-user': { exact: 'me' } }),
      withoutHeaders: () => ({ 'x-debug': { prefix: 'o' } }),
      queryParams: () => ({ v: { prefix: '2' } }),
      sourceLabels: () => ({ app: 'web' }),
      sourceNamespace: () => 'shop',
      gateways: () => ['mesh'],
      port: () => 80,
      ignoreUriCase: () => true,
      name: () => 'm',
      statPrefix: () => 's',
    } satisfies Makers),
    ...dice.maybe(0.25, () => ({ gateways: ['mesh'] })),
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
      scheme: () => dice.pick([{ exact: 'http' }, { prefix: 'http' }]),
      method: () => dice.pick([{ exact: 'POST' }, { exact: 'GET' }]),
      authority: () => dice.pick([{ exact: 'shop.example.com' }, { regex: 'shop.*' }]),
      headers: () => ({ 'x-user': dice.pick([{ exact: 'me' }, { prefix: 'm' }, { regex: 'm.' }]) }),
      withoutHeaders: () => dice.pick<Fields>([{ 'x-debug': { exact: 'on' } }, { 'x-debug': {} }, { 'x-user': { exact: 'you' } }]),
      queryParams: () => ({ v: dice.pick([{ exact: '2' }, { exact: '1' }]) }),
      sourceLabels: () => dice.pick<Fields>([{ app: 'web' }, { app: 'stranger' }, { version: 'v1' }]),
      sourceNamespace: () => 'shop',
      gateways: () => dice.pick([['mesh'], ['mesh', 'istio-system/main']]),
      port: () => dice.pick([80, 8080]),
      ignoreUriCase: () => true,
      name: () => 'p',
      statPrefix: () => 't',
    } satisfies Makers),
    ...dice.maybe(0.25, () => ({ gateways: ['mesh', 'istio-system/main'] })),
  };
}

function part(dice: Dice, name: string, namespace: string, rule: Rule): KubernetesObject {
  const visible = exportTo(dice).filter((each, _, all) => each !== namespace || !all.includes('.'));
  const http = dice.times(1, 3, place => ({
    ...rule(dice, place),
    match: dice.maybe(
      0.7,
      () => dice.times(1, 2, () => partMatch(dice)),
    ),
    name: dice.maybe(0.5, () => `part-${place}`),
  }));
  return object(dice, 'networking.istio.io/v1', 'VirtualService', name, namespace, {
    ...(dice.chance(0.3) ? { exportTo: visible } : {}),
    http,
  });
}

/** A VirtualService with delegations, and its delegates. Some of them are missing or not exported. */
export function delegating(dice: Dice, rule: Rule): KubernetesObject[] {
  const places = dice.times(1, 2, place => ({ name: `part-${place}`, namespace: dice.pick(NAMESPACES) }));
  const root = object(dice, 'networking.istio.io/v1', 'VirtualService', 'root', dice.pick(NAMESPACES), {
    hosts: [dice.pick(['shop.example.com', 'catalog', host('orders', 'other')])],
    ...(dice.chance(0.5) ? { gateways: ['istio-system/main', 'mesh'] } : {}),
    http: [...places.map((delegate, place) => rootRule(dice, place, delegate)), rule(dice, 9)],
  });
  return [root, ...places.filter(() => dice.chance(0.85)).map(({ name, namespace }) => part(dice, name, namespace, rule))];
}
