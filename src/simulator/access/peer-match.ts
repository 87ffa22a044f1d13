import type { Finding, Peer } from './facts';
import { MET, unknown, unmet } from './facts';
import type { StringMatcher } from '../../envoy/xds/matcher';
import { stringMatcher } from '../string-matcher';

/** Whether the certificate of the caller names one that a policy names. */
export function peerFinding(match: StringMatcher, peer: Peer): Finding {
  const { takes, words } = stringMatcher(match);
  if (peer === 'none') return unmet(`the caller has no identity, which must ${inWords(words)}`);
  if (peer === 'unknown') return unknown(`the identity of the caller is not known, and must ${inWords(words)}`);
  if (!peer.isOpen) return takes(peer.id) ? MET : unmet(`the identity of the caller is ${peer.id}, but must ${inWords(words)}`);
  const met = openMatch(match, peer.id, takes);
  if (met === true) return MET;
  const account = `the service account of the caller (${peer.id}...)`;
  return met === undefined
    ? unknown(`${account} is not known, and must ${inWords(words)}; name it, or add the object that runs the pods of the caller`)
    : unmet(`the identity of the caller starts with ${peer.id}, but must ${inWords(words)}`);
}

function inWords(words: string): string {
  return words.replaceAll('spiffe://', '');
}

/** Whether an ID matches of which the service account, the last part, is not known. */
function openMatch({ exact, prefix, safeRegex }: StringMatcher, start: string, takes: (id: string) => boolean): boolean | undefined {
  const isAccount = (text: string) => text.startsWith(start) && /^[a-z0-9.-]*$/.test(text.slice(start.length));
  if (exact !== undefined) return isAccount(exact) ? undefined : false;
  if (prefix !== undefined) return start.startsWith(prefix) ? true : isAccount(prefix) ? undefined : false;
  // No account has this name.
  if (takes(`${start}${'x'.repeat(254)}`)) return true;
  const ofNamespace = safeRegex !== undefined && /^\.\*\/ns\/.*\/\.\*$/.test(safeRegex.regex);
  if (ofNamespace) return false;
  const account = /^spiffe:\/\/\.\+\/ns\/((?:\\.|[^\\(])*)\/\(\.\+\/\|\)sa\//.exec(safeRegex?.regex ?? '');
  if (account === null) return undefined;
  return start.endsWith(`/ns/${account[1].replace(/\\(.)/g, '$1')}/sa/`) ? undefined : false;
}
