import { checkTargets } from './policy-target';
import { durationProblem } from './values';
import type { Verdict } from './verdict';
import type { JWTRule, RequestAuthenticationSpec } from '../../manifest/istio-specs.generated';
import { claimHeaderProblem, jwksProblem, jwksUriProblem, privateKeys } from '../../traffic/jwks';


function checkNames(verdict: Verdict, names: readonly string[] = [], path: string, what: string): void {
  names.forEach((name, i) => {
    if (name === '') verdict.error(`${path}[${i}]`, ['is empty', `name the ${what}`]);
  });
}

function checkKeys(verdict: Verdict, jwks: string, path: string): void {
  const problem = jwksProblem(jwks);
  verdict.error(path, problem);
  if (problem) return;
  for (const position of privateKeys(jwks)) {
    verdict.warn(path, [`has private material in key ${position}`, 'write only public keys; a proxy verifies tokens and signs none']);
  }
}

function checkRule(verdict: Verdict, rule: JWTRule, path: string): void {
  const { audiences, issuer = '', jwks = '', fromHeaders = [], fromParams, fromCookies, outputClaimToHeaders = [], timeout } = rule;
  const uri = rule.jwksUri ?? rule.jwks_uri ?? '';
  checkNames(verdict, audiences, `${path}.audiences`, 'audience');
  if (issuer === '' && uri === '') verdict.error(path, ['has neither issuer nor jwksUri', 'set one of them']);
  if (uri !== '') verdict.error(`${path}.jwksUri`, jwksUriProblem(uri));
  if (jwks !== '') checkKeys(verdict, jwks, `${path}.jwks`);
  checkNames(verdict, fromHeaders.map(({ name = '' }) => name), `${path}.fromHeaders`, 'header');
  checkNames(verdict, fromParams, `${path}.fromParams`, 'query parameter');
  checkNames(verdict, fromCookies, `${path}.fromCookies`, 'cookie');
  outputClaimToHeaders.forEach(({ claim = '', header = '' }, i) => {
    const at = `${path}.outputClaimToHeaders[${i}]`;
    if (claim === '' || header === '') verdict.error(at, ['lacks the claim or the header', 'set both']);
    else verdict.error(`${at}.header`, claimHeaderProblem(header));
  });
  verdict.error(`${path}.timeout`, durationProblem(timeout));
}

/** Checks a RequestAuthentication. */
export function checkRequestAuthentication(verdict: Verdict, spec: RequestAuthenticationSpec): void {
  checkTargets(verdict, spec);
  spec.jwtRules?.forEach((rule, i) => checkRule(verdict, rule, `spec.jwtRules[${i}]`));
}
