import type { AdoptedSet } from './adopted-set';
import { countAdopted } from './counts';
import { adoptFiles } from './foreign-sets';
import { compareConfigurations } from './same-configuration';
import { adoptedSamples, unexpectedPlain } from './samples';
import { foreignFiles } from '../foreign/corpus';
import type { Report } from '../report';

/** What a set shows against `adopt`: a difference that remains, or a second run that writes another program. */
function faultsOf({ name, adoption: { differences }, isStable }: AdoptedSet): string[] {
  return [...differences.map(({ text }) => `${name}: ${text}`), ...(isStable ? [] : [`${name}: a second run writes another program`])];
}

/**
 * Adopts Istio's samples, and each file of its module with a VirtualService. What is written must be proven the same. istiod must send the
 * same to each proxy, or what we translate: then what the proof says of our translation holds for istiod's.
 */
export async function judgeAdopt(report: Report, share: number): Promise<void> {
  const samples = adoptedSamples();
  const objects = samples.flatMap(({ adoption }) => adoption.units);
  const [all, kept] = [objects.flatMap(({ unit }) => unit.objects).length, objects.flatMap(({ lifted }) => lifted.kept).length];
  report.add("only the listed objects of Istio's sample bookinfo stay plain", unexpectedPlain(samples),
    `${samples.length} files, ${all - kept} of ${all} objects as constructs`);
  const { sets, wrong } = await adoptFiles(foreignFiles(share));
  const counts = countAdopted(sets);
  const reasons = counts.reasons.slice(0, 3).map(([reason, { length }]) => `${length}: ${reason}`).join('; ');
  report.add('what adopt writes is proven the same, and a second run writes the same', [...wrong, ...[...samples, ...sets].flatMap(faultsOf)],
    `${sets.length} files of Istio's module, ${counts.lifted} of ${counts.all} VirtualServices as constructs; most often plain: ${reasons}`);
  const compared = await compareConfigurations([...samples, ...sets]);
  report.add('istiod sends the same for what adopt writes, or what we translate and prove', compared.wrong,
    `${compared.same} of ${compared.proxies} proxies the same apart from names of routes`);
}
