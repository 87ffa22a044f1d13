import type { RedirectResponseCode } from './route';

const STATUS: { readonly [code in RedirectResponseCode]: number } = {
  MOVED_PERMANENTLY: 301, FOUND: 302, SEE_OTHER: 303, TEMPORARY_REDIRECT: 307, PERMANENT_REDIRECT: 308,
};

/** The status of a redirect. */
export function redirectStatus(code: RedirectResponseCode = 'MOVED_PERMANENTLY'): number {
  return STATUS[code];
}

/** The code of a status; undefined where Envoy redirects with no such status. */
export function redirectCode(status: number): RedirectResponseCode | undefined {
  return (Object.keys(STATUS) as RedirectResponseCode[]).find(code => STATUS[code] === status);
}
