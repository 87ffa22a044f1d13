import { join } from 'node:path';
import { GoProgram } from '../go-program';

const istiod = join(__dirname, '../istiod');

/** istiod as a server of its own. */
export const DISCOVERY = new GoProgram({
  name: 'discovery', what: 'istiod as a server', module: istiod, package: 'discovery', isStripped: true,
});
/** The relay between istiod and Envoys. */
export const RELAY = new GoProgram({
  name: 'relay', what: 'the relay between istiod and Envoy', module: istiod, package: 'relay', isStripped: true,
});
