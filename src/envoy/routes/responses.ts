import type { HTTPDirectResponse, HTTPRedirect } from '../../manifest/istio-specs.generated';
import { message } from '../message';
import { redirectCode } from '../xds/redirect-status';
import type { DirectResponseAction, RedirectAction } from '../xds/route';

/** Istio's redirect as Envoy's; undefined if Envoy does not support the status. */
export function redirectAction(redirect: HTTPRedirect, listenPort: number, isTls: boolean): RedirectAction | undefined {
  const code = redirectCode(redirect.redirectCode || 301);
  if (code === undefined) return undefined;
  return message<RedirectAction>({
    schemeRedirect: redirect.scheme || undefined,
    hostRedirect: redirect.authority || undefined,
    portRedirect: portOf(redirect, listenPort, isTls),
    ...redirect.prefixRewrite ? { prefixRewrite: redirect.prefixRewrite } : { pathRedirect: redirect.uri ?? '' },
    responseCode: code === 'MOVED_PERMANENTLY' ? undefined : code,
  });
}

/** The port of the redirect; undefined for the default port of the scheme. */
function portOf({ port, derivePort, scheme }: HTTPRedirect, listenPort: number, isTls: boolean): number | undefined {
  const stated = derivePort === 'FROM_REQUEST_PORT' ? listenPort : port;
  const usual = (scheme || (isTls ? 'https' : 'http')) === 'https' ? 443 : 80;
  return stated === usual && ['http', 'https'].includes(scheme || 'http') ? undefined : stated || undefined;
}

export function directResponseAction({ status, body }: HTTPDirectResponse): DirectResponseAction {
  const source = body?.string !== undefined ? { inlineString: body.string }
    : body?.bytes !== undefined ? { inlineBytes: body.bytes } : undefined;
  return message({ status, body: source });
}
