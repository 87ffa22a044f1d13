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

/** The path as Istio has Envoy make it uniform before anything looks at it: no dot segments, and slashes for backslashes. */
export function normalizedPath(path: string): string {
  const plain = withoutQuery(path);
  if (!/\\|\/(?:\.|%2e)/i.test(plain)) return path;
  const segments: string[] = [];
  const written = plain.replace(/\\/g, '/').slice(1).split('/');
  written.forEach((segment, i) => {
    const dots = segment.replace(/%2e/gi, '.');
    if (dots === '..') segments.pop();
    if (dots !== '.' && dots !== '..') segments.push(segment);
    else if (i === written.length - 1) segments.push('');
  });
  return `/${segments.join('/')}${queryOf(path)}`;
}

/** Whether a text begins with another, letters in either case. */
export function startsWithIgnoringCase(text: string, start: string): boolean {
  return text.length >= start.length && text.slice(0, start.length).toLowerCase() === start.toLowerCase();
}
