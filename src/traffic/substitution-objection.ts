import type { Objection } from './objection';
import { writtenSubstitution } from './re2';

/** The number of capturing groups of a regex. */
function groupsOf(regex: string): number {
  const plain = regex.replace(/\\Q.*?(?:\\E|$)|\\./gs, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  return [...plain.matchAll(/\((?!\?)|\(\?P?</g)].length;
}

/** A group as other regex engines write it. */
export function dollarObjection(rewrite: string): Objection {
  const [dollar, digits, braced] = /\$(?:(\d)|\{(\d)\})/.exec(rewrite) ?? [];
  return dollar === undefined ? undefined
    : [`'${dollar}' is not a group in RE2: Envoy sends it as it is written`, `write '\\${digits ?? braced}'`];
}

/** A group that the regex does not have. */
export function groupObjection(match: string, rewrite: string): Objection {
  const groups = groupsOf(match);
  const missing = [...rewrite.matchAll(/\\(\\|\d)/g)].map(([, what]) => Number(what)).find(number => number > groups);
  return missing === undefined ? undefined
    : [`'${match}' has ${groups === 0 ? 'no group' : `${groups} group${groups === 1 ? '' : 's'}`}, and '${rewrite}' names `
      + `\\${missing}: Envoy does not rewrite the path`, 'name a group that is there, or add it to the regex'];
}

/** A backslash before something else than a group or a backslash. */
export function escapeObjection(rewrite: string): Objection {
  const written = writtenSubstitution(rewrite);
  if (written === rewrite) return undefined;
  const unknown = rewrite.slice(written.length, written.length + 2);
  return [`'${unknown}' is neither a group nor '\\\\', so Envoy writes ${written === '' ? 'nothing' : `only '${written}'`} of '${rewrite}'`,
    unknown === '\\' ? 'remove the backslash' : `write '${unknown.slice(1)}' without the backslash, or '\\\\' for a backslash`];
}
