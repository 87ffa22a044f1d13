import type { Dice } from './dice';
import { duration } from './world';

type Fields = { [field: string]: unknown };

const percent = (dice: Dice) => ({ value: dice.pick([0, 0.5, 12.5, 33.3333, 100]) });

export function retries(dice: Dice): Fields {
  if (dice.chance(0.15)) return { attempts: 0 };
  return {
    attempts: dice.int(1, 4),
    ...dice.fields(0.35, {
      perTryTimeout: () => duration(dice),
      retryOn: () => dice.pick(['5xx', '503', 'connect-failure,503,gateway-error', 'retriable-status-codes,429', 'reset,200']),
      retryRemoteLocalities: () => dice.chance(0.5),
      retryIgnorePreviousHosts: () => dice.chance(0.5),
      backoff: () => duration(dice),
    }),
  };
}

export function fault(dice: Dice): Fields {
  const delay = { fixedDelay: duration(dice), ...dice.fields(0.7, { percentage: () => percent(dice) }) };
  const abort = {
    ...dice.pick<Fields>([{ httpStatus: 503 }, { httpStatus: 429 }, { grpcStatus: 'UNAVAILABLE' }]),
    ...dice.fields(0.7, { percentage: () => percent(dice) }),
  };
  return dice.pick<Fields>([{ delay }, { abort }, { delay, abort }]);
}

export function corsPolicy(dice: Dice): Fields {
  return dice.fields(0.5, {
    allowOrigins: () => dice.some([{ exact: 'https://shop.example.com' }, { prefix: 'https://' }, { regex: '.*' }], 0.6),
    allowMethods: () => dice.some(['GET', 'POST'], 0.7),
    allowHeaders: () => ['x-user', 'x-trace'],
    exposeHeaders: () => ['x-total'],
    maxAge: () => dice.pick(['24h', '90s']),
    allowCredentials: () => dice.chance(0.5),
    unmatchedPreflights: () => dice.pick(['FORWARD', 'IGNORE']),
  });
}

export function headers(dice: Dice): Fields {
  const operations = (hosts: readonly Fields[]) => dice.fields(0.6, {
    set: () => dice.pick<Fields>([
      { 'x-a': '1', 'b': '' },
      ...hosts,
    ]),
    add: () => dice.pick<Fields>([{ 'x-z': '1', 'x-y': '2' }]),
    remove: () => ['x-gone', 'x-lost'],
  });
  return dice.fields(0.7, {
    request: () => operations([
      { Host: 'other.example.com' },
      { ':authority': 'auth.example.com', 'x-c': 'c' },
    ]),
    response: () => operations([]),
  });
}

export function rewrite(dice: Dice): Fields {
  return dice.pick<Fields>([
    { uri: '/new' }, { uri: '/' }, { authority: 'rewritten.example.com' }, { uri: '/new', authority: 'rewritten.example.com' },
    { uriRegexRewrite: { match: '^/items/(.*)$', rewrite: '/i/\\1' } }, { uriRegexRewrite: { match: '/a', rewrite: '/' } },
  ]);
}

export function redirect(dice: Dice): Fields {
  const target = dice.pick<Fields>([
    { uri: '/elsewhere' },
    { prefixRewrite: '/new' },
    { authority: 'elsewhere.example.com' },
    { scheme: 'https' },
    { uri: '/x', authority: 'y.example.com' },
  ]);
  return {
    ...target,
    ...dice.fields(0.3, { redirectCode: () => dice.pick([301, 302, 303, 307, 308]), scheme: () => dice.pick(['http', 'https']) }),
    ...dice.pick<Fields>([
      {},
      {},
      { port: 443 },
      { port: 80 },
      { port: 8443 },
      { derivePort: 'FROM_REQUEST_PORT' },
      { derivePort: 'FROM_PROTOCOL_DEFAULT' },
    ]),
  };
}

/** One mirror, or several. */
export function mirrorOf(dice: Dice, destination: (dice: Dice) => Fields): Fields {
  if (dice.chance(0.5)) return { mirror: destination(dice), ...dice.fields(0.6, { mirrorPercentage: () => percent(dice) }) };
  return {
    mirrors: dice.times(1, 2, () => ({ destination: destination(dice), ...dice.fields(0.6, { percentage: () => percent(dice) }) })),
  };
}
