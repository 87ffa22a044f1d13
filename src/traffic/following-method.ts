/**
 * The method with which callers follow a redirect: after 303 they read the target with GET, and after 301 and 302 a POST becomes a GET.
 *
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function followingMethod(method: string, status: number): string {
  if (status === 303) return method === 'HEAD' ? method : 'GET';
  return (status === 301 || status === 302) && method === 'POST' ? 'GET' : method;
}
