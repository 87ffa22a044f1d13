import type { AppState } from './app-state';
import type { TokenRule } from '../model/access';

/** Adds the tokens of an issuer to those of some pods. Throws if another statement verifies them differently. */
export function tokenAdded(state: AppState, tokens: TokenRule[], token: TokenRule, pods: string): void {
  const other = tokens.find(({ issuer, rule }) => issuer === token.issuer && JSON.stringify(rule) !== JSON.stringify(token.rule));
  if (other) {
    state.fail(token.path, `the tokens of issuer '${token.issuer}' are verified differently by ${other.path} for ${pods}; `
      + 'use equal settings, or one TokenAuthentication');
  }
  tokens.push(token);
}
