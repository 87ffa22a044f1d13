import type { Arrival } from './arrival';
import type { Domain } from './member';
import { names } from './names';
import type { StringSet } from './string-set';
import { fixedSet, ending, regexSet } from './string-set';
import { re2Quote } from '../traffic/re2';

/** The authorities of the requests that arrive somewhere. */
export function authorities({ domains, ignorePort, authority, others }: Arrival): Domain {
  const wildcards = others.filter(name => name.startsWith('*')).map(name => ending(name.slice(1)));
  const without = others.length === 0 ? [] : [names(others.filter(name => !name.startsWith('*'))), ...wildcards];
  return { set: ofDomains(domains.map(domain => domain.toLowerCase()), ignorePort), examples: [authority, ...domains], without };
}

/** Any name: of a virtual host with so many domains that no regex holds them. */
const ANY_NAME = fixedSet('[0-9a-z.-]+(?::[0-9]{1,5})?');
const PORT = /:[0-9]{1,5}$/;
const LABELS = /^[0-9a-z-]+(?:\.[0-9a-z-]+)*$/;

/** The names of some domains. Most hosts need no automaton, which takes longer than all else about a host. */
function ofDomains(domains: readonly string[], ignorePort: boolean): StringSet {
  const exact = new Set(domains.filter(domain => !domain.startsWith('*') && !domain.endsWith('*')));
  const wildcards = domains.filter(domain => !exact.has(domain));
  const isName = (name: string) => exact.has(name) || wildcards.some(wildcard => isUnder(wildcard, name));
  let automaton: StringSet['automaton'] | undefined;
  return {
    key: `domains ${ignorePort} ${domains.join(' ')}`,
    start: '',
    examples: [],
    has: text => isName(text) || (ignorePort && PORT.test(text) && isName(text.replace(PORT, ''))),
    get automaton() {
      return automaton ??= (regexSet(regexOf(domains, ignorePort)) ?? ANY_NAME).automaton;
    },
  };
}

function isUnder(wildcard: string, name: string): boolean {
  const [start, end] = wildcard.startsWith('*') ? ['', wildcard.slice(1)] : [wildcard.slice(0, -1), ''];
  return name.startsWith(start) && name.endsWith(end) && LABELS.test(name.slice(start.length, name.length - end.length));
}

function regexOf(domains: readonly string[], ignorePort: boolean): string {
  const forms = domains.map(domain => re2Quote(domain).replace(/^\\\*|\\\*$/, '[0-9a-z-]+(?:\\.[0-9a-z-]+)*'));
  return `(?:${forms.join('|')})${ignorePort ? '(?::[0-9]{1,5})?' : ''}`;
}
