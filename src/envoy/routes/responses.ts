import { message } from '../message';
import type { Json } from '../proxy-config';

const CODES: { readonly [code: number]: string | undefined } = { 302: 'FOUND', 303: 'SEE_OTHER', 307: 'TEMPORARY_REDIRECT', 308: 'PERMANENT_REDIRECT' };

/** Istio's redirect as Envoy's; undefined where Envoy does not know the status. */
export function redirectAction(redirect: Json, listenPort: number, isTls: boolean): Json | undefined {
  const code = redirect.redirectCode || 301;
  if (code !== 301 && CODES[code] === undefined) return undefined;
  return message({
    schemeRedirect: redirect.scheme || undefined,
    hostRedirect: redirect.authority || undefined,
    portRedirect: portOf(redirect, listenPort, isTls),
    ...redirect.prefixRewrite ? { prefixRewrite: redirect.prefixRewrite } : { pathRedirect: redirect.uri ?? '' },
    responseCode: CODES[code],
  });
}

/** The port, unless it is the one that the scheme means anyhow. */
function portOf({ port, derivePort, scheme }: Json, listenPort: number, isTls: boolean): number | undefined {
  const stated = derivePort === 'FROM_REQUEST_PORT' ? listenPort : port;
  const usual = (scheme || (isTls ? 'https' : 'http')) === 'https' ? 443 : 80;
  return stated === usual && ['http', 'https'].includes(scheme || 'http') ? undefined : stated || undefined;
}

export function directResponseAction({ status, body }: Json): Json {
  const text = body?.string !== undefined ? { inlineString: body.string } : body?.bytes !== undefined ? { inlineBytes: body.bytes } : undefined;
  return message({ status, body: text });
}
