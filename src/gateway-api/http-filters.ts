import type { HTTPCORSFilter, HTTPRequestRedirectFilter, HTTPURLRewriteFilter } from '../manifest/gateway-api-specs.generated';
import type { CorsPolicy, HTTPRedirect, HTTPRewrite, StringMatch } from '../manifest/istio-specs.generated';
import { re2Quote } from '../traffic/re2';

export function rewriteOf({ path, hostname }: HTTPURLRewriteFilter): HTTPRewrite | undefined {
  const rewrite: HTTPRewrite = {
    // A replacement by `/` removes the prefix.
    ...path?.type === 'ReplacePrefixMatch' && { uri: (path.replacePrefixMatch ?? '').replace(/\/$/, '') || '/' },
    ...path?.type === 'ReplaceFullPath' && { uriRegexRewrite: { match: '/.*', rewrite: path.replaceFullPath ?? '' } },
    ...hostname && { authority: hostname },
  };
  return Object.keys(rewrite).length === 0 ? undefined : rewrite;
}

export function redirectOf({ statusCode, hostname, scheme, port, path }: HTTPRequestRedirectFilter): HTTPRedirect {
  return {
    ...statusCode !== undefined && { redirectCode: statusCode },
    ...hostname && { authority: hostname },
    ...scheme && { scheme },
    // Without a scheme, the port of the request stays.
    ...port !== undefined ? { port } : { derivePort: scheme === undefined ? 'FROM_REQUEST_PORT' as const : 'FROM_PROTOCOL_DEFAULT' as const },
    ...path?.type === 'ReplaceFullPath' && { uri: path.replaceFullPath ?? '' },
    ...path?.type === 'ReplacePrefixMatch' && { prefixRewrite: path.replacePrefixMatch ?? '' },
  };
}

export function corsOf(filter: HTTPCORSFilter): CorsPolicy {
  const { allowOrigins = [], allowCredentials, allowMethods = [], allowHeaders = [], exposeHeaders = [], maxAge = 0 } = filter;
  const origins = allowOrigins.filter(origin => origin !== '').map(originMatch);
  return {
    ...origins.length > 0 && { allowOrigins: origins },
    ...allowCredentials && { allowCredentials },
    ...allowMethods.length > 0 && { allowMethods },
    ...allowHeaders.length > 0 && { allowHeaders },
    ...exposeHeaders.length > 0 && { exposeHeaders },
    ...maxAge > 0 && { maxAge: `${maxAge}s` },
    unmatchedPreflights: 'IGNORE',
  };
}

function originMatch(origin: string): StringMatch {
  // Any origin, in the form that RFC 6454 gives it.
  if (origin === '*') return { regex: '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$' };
  if (!origin.includes('*')) return { exact: origin };
  if (origin.indexOf('*') === origin.length - 1) return { prefix: origin.slice(0, -1) };
  return { regex: `^${origin.split('*').map(part => re2Quote(part)).join('.*')}$` };
}
