import { calledPorts } from './called-ports';
import type { LookedUp } from './looked-up-destinations';
import type { VirtualService } from './virtual-services';
import type { TrafficIndex } from '../traffic-index';

/** The ports that callers of a destination without a port use, where its host has several and none of them; else none. */
export function portsInVain(object: VirtualService, { destination, ports, hasOnlyPort }: LookedUp, index: TrafficIndex): readonly number[] {
  const { block, route, port } = destination;
  if (port !== undefined || ports.length < 2 || hasOnlyPort) return [];
  const called = calledPorts(object, block, route, index);
  return called.some(number => ports.includes(number)) ? [] : called;
}
