import type { Rule } from './rules';
import { HOST } from './rules';
import type { ExampleRequest } from '../../src/proof/example-request';
import type { Dice } from '../fuzz/dice';

/** The number of requests through both sides of each pair. */
const SAMPLES = 150;

/** Requests with values of the rules, and with similar values. */
export function samples(dice: Dice, of: readonly Rule[]): ExampleRequest[] {
  const named = [...JSON.stringify(of.map(({ match }) => match)).matchAll(/"(?:exact|prefix)":"([^"]*)"/g)].map(([, text]) => text);
  const paths = [
    '/',
    '/x',
    '/ab',
    '/a/b',
    '/A',
    ...named.filter(text => text.startsWith('/')).flatMap(text => [text, `${text}x`, `${text}/x`, text.slice(0, -1) || '/']),
  ];
  const values = ['a', 'b', 'ab', 'AB', 'c', ...named.filter(text => text !== '' && !text.startsWith('/'))];
  return Array.from({ length: SAMPLES }, (): ExampleRequest => {
    const headers = Object.fromEntries(['x-a', 'x-b'].filter(() => dice.chance(0.5)).map((name): [string, string | string[]] => (
      [name, dice.chance(0.2) ? [dice.pick(values), dice.pick(values)] : dice.pick(values)])));
    const query = dice.chance(0.4) ? `?q=${dice.pick([...values, ''])}` : '';
    if (dice.chance(0.1)) headers.host = 'catalog';
    if (dice.chance(0.1)) headers['x-forwarded-proto'] = dice.pick(['http', 'https']);
    return { method: dice.pick(['GET', 'POST', 'HEAD', 'PUT']), url: `http://${HOST}${dice.pick(paths)}${query}`, headers };
  });
}
