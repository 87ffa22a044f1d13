/** The trust domain that stands for the mesh's own, whatever that is called. */
const LOCAL = 'cluster.local';

/** The number of parts of a principal in full: `TRUST_DOMAIN/ns/NAMESPACE/sa/SERVICE_ACCOUNT`. */
const PARTS = 5;

/** Principals with the trust domain of the mesh, once more for each of its aliases. */
export function withAliases(principals: readonly string[], trustDomains: readonly string[]): readonly string[] {
  return [...new Set(principals.flatMap(principal => {
    const [domain, ...rest] = principal.split('/');
    if (rest.length !== PARTS - 1 || domain === '*') return [principal];
    if (domain !== LOCAL && !trustDomains.some(known => isMatch(domain, known))) return [principal];
    return trustDomains.map(known => (endsAs(known, domain) ? principal : [known, ...rest].join('/')));
  }))];
}

/** Trust domains of the mesh stand for all of them. */
export function withAllOfMesh(domains: readonly string[], trustDomains: readonly string[]): readonly string[] {
  return [...new Set(domains.flatMap(domain => (trustDomains.includes(domain) ? trustDomains : [domain])))];
}

function isMatch(stated: string, known: string): boolean {
  return (
    known === '*'
    || known === stated
    || startsAs(stated, known)
    || endsAs(stated, known)
    || startsAs(known, stated)
    || endsAs(known, stated)
  );
}

function startsAs(value: string, pattern: string): boolean {
  return pattern.endsWith('*') && value.startsWith(pattern.slice(0, -1));
}

function endsAs(value: string, pattern: string): boolean {
  return pattern.startsWith('*') && value.endsWith(pattern.slice(1));
}
