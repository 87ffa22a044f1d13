import { fileProblem } from '../../manifest/file-finder';
import { describeProblem } from '../../manifest/manifest-problem';
import { readText } from '../../manifest/text-file';
import type { CallerFacts, ServiceAccount } from '../../simulator/access/caller';
import { parseServiceAccount } from '../../simulator/access/caller';
import type { Claims } from '../../simulator/token';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The caller that the options describe. */
export function callerOf(given: Arguments): CallerFacts {
  const [account, token] = [given.get('as'), given.get('token')];
  if (account !== undefined && given.is('plaintext')) {
    throw new UsageError('--plaintext and --as contradict each other: a caller in plaintext shows no service account');
  }
  return {
    ...(account === undefined ? {} : { as: accountOf(account) }),
    ...(given.is('plaintext') ? { plaintext: true } : {}),
    ...(token === undefined ? {} : { token: claimsOf(token) }),
  };
}

function accountOf(text: string): ServiceAccount {
  const account = parseServiceAccount(text);
  if (!account) throw new UsageError(`--as: '${text}' is not a service account; write NAMESPACE/SERVICEACCOUNT, such as shop/webapp`);
  return account;
}

/** The claims in a file of JSON. */
function claimsOf(file: string): Claims {
  const place = `--token: ${file}`;
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new UsageError(describeProblem({ file: place, ...fileProblem(error) }));
  }
  let claims: unknown;
  try {
    claims = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${place} is not JSON (${(error as Error).message}); write the claims of a token as a JSON object`);
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new UsageError(`${place}: the claims must be a JSON object, such as {"iss": "https://issuer.example", "sub": "alice"}`);
  }
  return claims as Claims;
}
