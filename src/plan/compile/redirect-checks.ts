import type { HTTPRedirect } from '../../manifest/istio-specs.generated';
import type { AnsweredTerm } from '../../manifest/redirect-steps';
import { loopFrom, loopText } from '../../manifest/redirect-steps';
import type { Entry } from '../model/compiled-service';

/** A match of an entry. */
interface Match extends AnsweredTerm {
  readonly path: string;
}

/** The redirects of a host whose callers come back to a redirect again and again. `scheme`: that of all callers, if it is known. */
export function loopErrors(host: string, entries: readonly Entry[], scheme?: string): string[] {
  if (!entries.some(({ answer }) => answer?.redirect)) return [];
  const matches = entries.flatMap(({ terms, answer, route: { path } }): readonly Match[] => (
    (terms.length === 0 ? [{}] : terms).map(term => ({ term, redirect: answer?.redirect as HTTPRedirect | undefined, path }))));
  const leaves = (redirect: HTTPRedirect) => (redirect.authority !== undefined && redirect.authority.toLowerCase() !== host.toLowerCase())
    || (redirect.scheme !== undefined && redirect.scheme !== scheme);
  return matches.flatMap(match => {
    const paths = match.redirect && match.term.scheme === undefined && loopFrom(match, matches, leaves);
    return !paths ? [] : [`${match.path} redirects requests of ${host} to ${loopText(paths)}, where a redirect takes them `
      + 'again, so callers never get an answer; match less, such as StringMatch.exact() in place of a prefix, or redirect elsewhere'];
  });
}
