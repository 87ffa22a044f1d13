import type { Adoption } from '../../adopt/adopt';
import { adopt } from '../../adopt/adopt';
import { isAdopted } from '../../adopt/unit';
import { describeObject } from '../../manifest/kubernetes-object';
import { readManifests } from '../../manifest/manifest';
import { recordOf, textReport } from '../adopt/adoption-record';
import type { Output } from '../adopt/output-folder';
import { outputOf, writeOutput } from '../adopt/output-folder';
import type { Arguments } from '../arguments';
import type { Environment } from '../input/environment';
import { readEnvironments } from '../input/environment';
import { requireObjects, requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import { shown } from '../shown';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

const NOTHING: Output = { files: new Map(), unchanged: [], lines: [], isNewProject: false };

export async function adoptCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const folder = given.get('output') ?? '';
  if (folder === '') throw new UsageError('the output folder is required; add -o FOLDER');
  const [environment] = await readEnvironments(given.operands, given);
  requireObjects([environment], terminal);
  requireReadable(environment, terminal);
  requireNamespaces(environment);
  const adoption = adopt({
    objects: environment.objects,
    clusterDomain: environment.facts.clusterDomain ?? 'cluster.local',
    meshOf: objects => translationOf({ ...environment, objects }, given),
    only: given.all('only'),
    progress: (done, all) => terminal.progress('forms compared', done, all),
  });
  requireUnits(adoption, given);
  const isProven = adoption.differences.length === 0;
  const output = isProven ? outputOf(folder, adoption.units.map(({ lifted }) => lifted.file)) : NOTHING;
  writeOutput(folder, output);
  report(adoption, output, folder, given, terminal);
  const plain = adoption.units.reduce((sum, { lifted }) => sum + lifted.kept.length, 0);
  return !isProven || (given.is('strict') && plain > 0) ? 1 : 0;
}

/** Constructs write a namespace into each object, so it must be known. */
function requireNamespaces({ objects }: Environment): void {
  const without = readManifests(objects).manifests.filter(each => isAdopted(each) && each.metadata.namespace === undefined);
  if (without.length === 0) return;
  throw new UsageError(
    `${shown(without.map(describeObject)).join(', ')} ${without.length === 1 ? 'has' : 'have'} no namespace; name it with -n NAMESPACE`,
  );
}

function requireUnits({ units, hosts }: Adoption, given: Arguments): void {
  if (units.length > 0) return;
  const only = given.all('only');
  if (only.length > 0) throw new UsageError(`--only: the input has no ${only.join(', ')}; it has ${shown([...hosts].sort()).join(', ')}`);
  throw new UsageError('the input has no VirtualService, DestinationRule, Gateway or ServiceEntry; name the manifests that have them');
}

function report(adoption: Adoption, output: Output, folder: string, given: Arguments, terminal: Terminal): void {
  const { units, rest, differences } = adoption;
  const isProven = differences.length === 0;
  if (given.get('format') === 'json') {
    terminal.printJson({
      same: isProven,
      hosts: units.map(recordOf),
      differences,
      written: [...output.files.keys()].sort(),
      unchanged: output.unchanged,
      linesToAdd: output.lines,
      left: rest.map(describeObject),
    });
  } else {
    terminal.print(textReport(adoption));
    if (output.lines.length > 0) terminal.print(['', 'add to the program of the project:', ...output.lines.map(each => `  ${each}`)]);
  }
  const plain = units.reduce((sum, { lifted }) => sum + lifted.kept.length, 0);
  const all = units.reduce((sum, { unit }) => sum + unit.objects.length, 0);
  const written = isProven ? `${output.files.size === 0 ? 'unchanged' : `${output.files.size} files written`} in ${folder}` : 'nothing is written';
  terminal.say(`${all - plain} of ${all} objects as constructs, ${plain} plain; ${isProven ? 'the same for all requests' : 'not proven'}; ${written}`);
  if (rest.length > 0) terminal.say(`${rest.length} other objects stay where they are`);
  if (output.isNewProject) terminal.say(`next: cd ${folder}, npm install, npx cdk8s synth`);
}
