interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that jumps from event to event. Events at the same time run in the order in which they were scheduled. */
export class Clock {
  private time = 0;
  private planned = 0;
  private readonly heap: Event[] = [];

  /** Milliseconds since the start. */
  public get now(): number {
    return this.time;
  }

  public after(ms: number, run: () => void): void {
    const { heap } = this;
    heap.push({ at: this.time + ms, order: this.planned++, run });
    for (let i = heap.length - 1; i > 0;) {
      const parent = (i - 1) >> 1; // eslint-disable-line no-bitwise
      if (!isBefore(heap[i], heap[parent])) break;
      [heap[i], heap[parent]] = [heap[parent], heap[i]];
      i = parent;
    }
  }

  /** Runs events until there are none, or until the run is stopped. */
  public runWhile(wanted: () => boolean): void {
    while (this.heap.length > 0 && wanted()) {
      const event = this.take();
      this.time = event.at;
      event.run();
    }
  }

  private take(): Event {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const child = left + 1 < heap.length && isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!isBefore(heap[child], heap[i])) break;
      [heap[i], heap[child]] = [heap[child], heap[i]];
      i = child;
    }
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
