// Live tasks by their async id: a hash table in typed arrays. A Map would allocate with each task and
// stop for tens of milliseconds as it grows; this allocates only to double. Linear probing, with what
// follows moved back at a removal, so that there are no tombstones. Async ids are consecutive, and the
// golden-ratio hash spreads consecutive numbers evenly.
//
// It runs inside the application's calls: no closures, and no method of the language that the
// application could have replaced.
const imul = Math.imul;
const Ids = Float64Array;
const Types = Uint8Array;
const Sites = Uint16Array;

const firstBits = 10;
/** 2 ** 20 slots of 11 bytes; half of them are used at most. */
const mostBits = 20;

export class LiveTable {
  /** Async ids; 0 marks a free slot. */
  ids: Float64Array = new Ids(1 << firstBits);
  types: Uint8Array = new Types(1 << firstBits);
  sites: Uint16Array = new Sites(1 << firstBits);
  size = 0;
  /** Raised when the slots are laid out anew. */
  layout = 0;
  /** Tasks for which there is room as it is. */
  most: number = 1 << (firstBits - 1);
  /** Of a hash, to the number of its slot. */
  shift: number = 32 - firstBits;

  /** False where there is no room. */
  add(id: number, type: number, site: number): boolean {
    if (this.size >= this.most && !this.grow()) {
      return false;
    }
    const { ids } = this;
    const mask = ids.length - 1;
    let slot = imul(id, 0x9e3779b1) >>> this.shift;
    while (ids[slot] !== 0) {
      if (ids[slot] === id) {
        return true;
      }
      slot = (slot + 1) & mask;
    }
    ids[slot] = id;
    this.types[slot] = type;
    this.sites[slot] = site;
    this.size += 1;
    return true;
  }

  /** The type that the task was added with; -1 where it was not. */
  remove(id: number): number {
    const { ids, types, sites } = this;
    const mask = ids.length - 1;
    const { shift } = this;
    let slot = imul(id, 0x9e3779b1) >>> shift;
    while (ids[slot] !== id) {
      if (ids[slot] === 0) {
        return -1;
      }
      slot = (slot + 1) & mask;
    }
    const type = types[slot] as number;
    let next = (slot + 1) & mask;
    while (ids[next] !== 0) {
      const home = imul(ids[next] as number, 0x9e3779b1) >>> shift;
      // Whether the free slot lies between its home and where it is.
      if (((next - home) & mask) >= ((next - slot) & mask)) {
        ids[slot] = ids[next] as number;
        types[slot] = types[next] as number;
        sites[slot] = sites[next] as number;
        slot = next;
      }
      next = (next + 1) & mask;
    }
    ids[slot] = 0;
    this.size -= 1;
    return type;
  }

  /** The site that the task was added with; 0 where it was not, or without one. */
  siteOf(id: number): number {
    const { ids } = this;
    const mask = ids.length - 1;
    let slot = imul(id, 0x9e3779b1) >>> this.shift;
    while (ids[slot] !== 0) {
      if (ids[slot] === id) {
        return this.sites[slot] as number;
      }
      slot = (slot + 1) & mask;
    }
    return 0;
  }

  forgetSites(): void {
    this.sites = new Sites(this.ids.length);
  }

  /** Doubles the room; false where it can't. */
  grow(): boolean {
    const bits = 33 - this.shift;
    if (bits > mostBits) {
      return false;
    }
    const { ids, types, sites } = this;
    const length = 1 << bits;
    const mask = length - 1;
    const shift = 32 - bits;
    const newIds = new Ids(length);
    const newTypes = new Types(length);
    const newSites = new Sites(length);
    for (let old = 0; old < ids.length; old += 1) {
      const id = ids[old] as number;
      if (id !== 0) {
        let slot = imul(id, 0x9e3779b1) >>> shift;
        while (newIds[slot] !== 0) {
          slot = (slot + 1) & mask;
        }
        newIds[slot] = id;
        newTypes[slot] = types[old] as number;
        newSites[slot] = sites[old] as number;
      }
    }
    // Nothing is changed before all is there: memory or the stack may have come to an end above.
    this.shift = shift;
    this.most = length >>> 1;
    this.layout += 1;
    this.ids = newIds;
    this.types = newTypes;
    this.sites = newSites;
    return true;
  }
}
