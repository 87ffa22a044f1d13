import { isIP } from 'node:net';
import type { Objection } from './objection';

const MOST_ACCOUNTS = 16;
const LONGEST_ACCOUNT = 320;
const ONE = '{*}';
const ANY = '{**}';
const LITERAL = /^[-a-zA-Z0-9._~%!$&'()+,;:@=]+$/;
const BITS = /^(?:0|[1-9]\d{0,2})$/;

/** What is wrong with an address or a CIDR block in an AuthorizationPolicy. */
export function ipBlockProblem(block: string): Objection {
  const slash = block.lastIndexOf('/');
  const [address, bits] = slash < 0 ? [block, undefined] : [block.slice(0, slash), block.slice(slash + 1)];
  const isBlock = isIP(address) !== 0 && (bits === undefined
    || (!address.includes('%') && BITS.test(bits) && Number(bits) <= (address.includes(':') ? 128 : 32)));
  return isBlock ? undefined : [`is '${block}', which is neither an IP address nor a CIDR block`,
    'write one, such as 10.0.0.1 or 10.0.0.0/24'];
}

/** What is wrong with a port in an AuthorizationPolicy, which takes 0 too. */
export function portTextProblem(port: string): Objection {
  return /^\d+$/.test(port) && Number(port) <= 65535 ? undefined : [`is '${port}', which is not a valid port`, 'use a port up to 65535'];
}

function wildcardProblem(value: string): Objection {
  if (value === '') return ['has an empty value', 'write the value, or remove it'];
  const stars = value.split('*').length - 1;
  if (stars > 1) return [`has '${value}' with ${stars} wildcards`, 'keep one'];
  return stars === 0 || value.startsWith('*') || value.endsWith('*')
    ? undefined
    : [`has '${value}' with a wildcard inside`, 'write the wildcard at the start or the end'];
}

/** What is wrong with a trust domain. */
export function trustDomainProblem(domain: string): Objection {
  return wildcardProblem(domain) ?? (domain.includes('/')
    ? [`is '${domain}'`, 'write the trust domain alone, such as cluster.local']
    : undefined);
}

/** What is wrong with service accounts, each written as `account` or `namespace/account`. */
export function serviceAccountsProblem(accounts: readonly string[]): Objection {
  if (accounts.length > MOST_ACCOUNTS) return [`has ${accounts.length} values`, `use at most ${MOST_ACCOUNTS}`];
  for (const account of accounts) {
    if (account.includes('*')) return [`has '${account}'`, 'name the service account; this field has no wildcards'];
    const parts = account.split('/');
    if (parts.length > 2 || parts.includes('')) return [`has '${account}'`, 'write serviceAccount, or namespace/serviceAccount'];
    if (Buffer.byteLength(account) > LONGEST_ACCOUNT) {
      return [`has a value of ${account.length} characters`, `use at most ${LONGEST_ACCOUNT}`];
    }
  }
  return undefined;
}

/** What is wrong with a path, whose segments may be the templates `{*}` and, as the last one, `{**}`. */
export function pathTemplateProblem(path: string): Objection {
  const hasTemplate = path.includes(ONE) || path.includes(ANY);
  let hasAny = false;
  for (const segment of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === ONE || segment === ANY) {
      if (hasAny) return [`is '${path}', in which a template follows {**}`, 'keep {**} as the last template'];
      hasAny = segment === ANY;
    } else if (/[{}]/.test(segment)) {
      return [`is '${path}', which has '{' or '}' outside of a template`, 'use {*} or {**} as a whole segment'];
    } else if (hasTemplate && !LITERAL.test(segment)) {
      return [`is '${path}', which has the segment '${segment}' beside a template`,
        'write literal segments without \'*\', and without an empty one'];
    }
  }
  return undefined;
}

function keyProblem(key: string): Objection {
  const open = key.indexOf('[');
  return key.endsWith(']') && open > 0 && open < Buffer.byteLength(key) - 2
    ? undefined
    : [`is for '${key}'`, 'write the name in brackets, such as request.headers[x-user]'];
}

const firstOf = (check: (value: string) => Objection) => (_: string, values: readonly string[]) => {
  const problem = values.map(check).find(found => found !== undefined);
  return problem && [`has a value that ${problem[0]}`, problem[1]] as const;
};
const replaced = (by: string) => (key: string): Objection => [`is for '${key}'`, `remove the condition; ${by}`];
const OLD = 'an AuthorizationPolicy of security.istio.io/v1 does not have it';

type Check = (key: string, values: readonly string[]) => Objection;

/** The attributes of a condition. */
const ATTRIBUTES: { readonly [key: string]: Check } = {
  'source.ip': firstOf(ipBlockProblem),
  'remote.ip': firstOf(ipBlockProblem),
  'source.namespace': () => undefined,
  'source.serviceAccount': (_, values) => serviceAccountsProblem(values),
  'source.principal': () => undefined,
  'source.trustDomain': (_, values) => values.map(wildcardProblem).find(found => found !== undefined),
  'request.auth.principal': () => undefined,
  'request.auth.audiences': () => undefined,
  'request.auth.presenter': () => undefined,
  'destination.ip': firstOf(ipBlockProblem),
  'destination.port': firstOf(portTextProblem),
  'connection.sni': () => undefined,
  'destination.namespace': replaced('the policy applies to its own namespace'),
  'destination.name': replaced(OLD),
  'destination.user': replaced(OLD),
};
/** The attributes that have a name in brackets. */
const NAMED: readonly (readonly [string, Check])[] = [
  ['request.headers', keyProblem],
  ['request.auth.claims', keyProblem],
  ['experimental.envoy.filters.', keyProblem],
  ['destination.labels', replaced('select the workloads with selector')],
];

/** What is wrong with the values of a condition. */
export function whenProblem(key: string, values: readonly string[]): Objection {
  if (values.includes('')) return ['has an empty value', 'write the value, or remove it'];
  const check = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : NAMED.find(([prefix]) => key.startsWith(prefix))?.[1];
  return check === undefined ? [`is for the unknown attribute '${key}'`,
    `use one of ${[...Object.keys(ATTRIBUTES).slice(0, 12), 'request.headers[...]', 'request.auth.claims[...]'].join(', ')}`]
    : check(key, values);
}
