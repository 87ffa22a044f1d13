/** The parts of a request that VirtualServices match. */
export interface Request {
  readonly path: string;
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
}

interface StringMatch { exact?: string; prefix?: string; regex?: string }

export interface HttpRoute {
  name: string;
  match?: {
    uri?: StringMatch;
    ignoreUriCase?: boolean;
    method?: StringMatch;
    headers?: { [name: string]: StringMatch };
    withoutHeaders?: { [name: string]: StringMatch };
  }[];
  rewrite?: { uri?: string; uriRegexRewrite?: { match: string; rewrite: string } };
  route: { destination: { host: string; subset?: string }; weight?: number }[];
  timeout?: string;
  mirror?: { subset?: string };
}

function meets(match: StringMatch, text: string): boolean {
  if (match.exact !== undefined) return match.exact === text;
  if (match.prefix !== undefined) return text.startsWith(match.prefix);
  return match.regex === undefined || new RegExp(`^(?:${match.regex})$`).test(text);
}

/**
 * The first route that matches a request, as in Envoy, and the path that it forwards. Written independently of the library, so tests can
 * compare; the conformance suite compares the manifests themselves with Istio's translator.
 */
export function take(http: readonly HttpRoute[], request: Request): { route: HttpRoute; path: string } | undefined {
  for (const route of http) {
    for (const match of route.match ?? [{}]) {
      const fold = (text: string) => (match.ignoreUriCase ? text.toLowerCase() : text);
      const uri =
        match.uri
        && (match.ignoreUriCase
          ? { exact: match.uri.exact?.toLowerCase(), prefix: match.uri.prefix?.toLowerCase(), regex: match.uri.regex }
          : match.uri);
      if (uri && !meets(uri, uri.regex === undefined ? fold(request.path) : request.path)) continue;
      if (match.method && !meets(match.method, request.method ?? 'GET')) continue;
      const headers = request.headers ?? {};
      if (Object.entries(match.headers ?? {}).some(([name, m]) => headers[name] === undefined || !meets(m, headers[name]))) continue;
      if (Object.entries(match.withoutHeaders ?? {}).some(([name, m]) => headers[name] !== undefined && meets(m, headers[name]))) continue;
      return { route, path: rewritten(route.rewrite, match.uri, request.path) };
    }
  }
  return undefined;
}

function rewritten(rewrite: HttpRoute['rewrite'], uri: StringMatch | undefined, path: string): string {
  if (rewrite?.uriRegexRewrite) return path.replace(new RegExp(rewrite.uriRegexRewrite.match, 'g'), rewrite.uriRegexRewrite.rewrite);
  if (rewrite?.uri === undefined) return path;
  return uri?.exact !== undefined || uri?.regex !== undefined ? rewrite.uri : rewrite.uri + path.slice((uri?.prefix ?? '/').length);
}
