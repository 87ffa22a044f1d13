/** The path without query, which is what routes match. */
export function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

/** The query with its question mark; empty where there is none. */
export function queryOf(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? '' : path.slice(query);
}

/**
 * The path as Istio has Envoy make it uniform before anything looks at it: letters, digits and `-._~` as themselves, what no URL holds by its code, no dot
 * segments, and slashes for backslashes. The query stays as it is.
 */
export function normalizedPath(path: string): string {
  const plain = withoutQuery(path);
  if (/^(?:\/(?!\.)[\w.!$&'()*+,;=:@~[\]-]*)+$/.test(plain)) return path;
  const coded = plain.replace(/%([0-9a-f]{2})/gi, (code, digits: string) => {
    const character = String.fromCharCode(parseInt(digits, 16));
    return /[\w.~-]/.test(character) ? character : code;
  }).replace(/[^\x21-\x7e]|["<>^`{|}]/gu, encodeURIComponent);
  const segments: string[] = [];
  const written = coded.replace(/\\/g, '/').slice(1).split('/');
  written.forEach((segment, i) => {
    if (segment === '..') segments.pop();
    if (segment !== '.' && segment !== '..') segments.push(segment);
    else if (i === written.length - 1) segments.push('');
  });
  return `/${segments.join('/')}${queryOf(path)}`;
}

/** Whether a text begins with another, letters in either case. */
export function startsWithIgnoringCase(text: string, start: string): boolean {
  return text.length >= start.length && text.slice(0, start.length).toLowerCase() === start.toLowerCase();
}
