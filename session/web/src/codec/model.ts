// Where each probability of codec/SPEC.md has its place in the Coder's one table.

let next = 0;
function room(n: number): number {
  next += n;
  return next - n;
}

// Sections 3 and 4: an object's head, places and heads of tiles.
export const RESIZED = room(1);
export const GO_ON = room(1);
export const COPIES = room(2);
export const OFFSET = room(4);
export const ZERO_OFFSET = room(2);
export const TARGET_SIDE = room(4);
export const TARGET = 1024;
export const TARGETS = room(4 * TARGET);
export const MORE = room(4);
export const RIGHT = room(16);
export const RECENT = room(4);
export const DOWN = room(1);
export const DOWN_NEAR = room(8);
export const GAP = room(1);
export const GAP_NEAR = room(8);
export const COLUMN = room(512);
export const LINE = room(512);
export const MODE = room(5 * 4);
export const BLOCK = room(64);
export const STOP = room(5);
export const UNGUESSED = room(4);
export const FORMER = room(4 * 7);
export const WHOLE = room(2);

// Section 5: fast rows.
export const FLAT = room(64);
export const PHOTO = room(5);
export const FIRST = room(96);
export const SECOND = room(64);
export const LATER = room(128);
export const LISTED = room(64);
export const KNOWN = room(1);
export const INDEX = room(4096);
export const GREEN = room(256);
export const RED = room(256 * 256);
export const BLUE = room(256 * 256);

// Section 5: strong rows.
export const FLAT_STRONG = room(16);
export const SURE = room(256);
export const PAIRED = room(64);
export const LITERAL_BITS = room(5 << 16);

// Section 6: residuals, photo and refine rows.
export const RESIDUAL_NODES = room(32 * 10 * 10 * 3);
// Of photographic pixels: four contexts for a decision, with places of 16.
export const PHOTO_AROUND = 16 * 19;
export const PHOTO_ACTIVITY = 11 * 19 * 4;
export const PHOTO_MOVED = 31 * 9;
const PHOTO_BESIDE = 16 * 11 * 4;
export const PHOTO_DECISIONS = 16 * (PHOTO_AROUND + PHOTO_ACTIVITY + PHOTO_MOVED + PHOTO_BESIDE);
const PHOTO_PROBABILITIES = 3 * (PHOTO_DECISIONS + 9 * 32);
const PHOTO_SETS = 3 * 9 * 9;
export const PHOTO_ROWS = room(PHOTO_PROBABILITIES);
export const REFINE_ROWS = room(PHOTO_PROBABILITIES);

// Section 7: coarse tiles.
export const SAME_STEP = room(1);
export const STEP = room(32);
export const VIEW = room(2);
export const FULL = room(2);
export const LONG = room(2);
export const SPLIT = room(4);
export const TOWARD = room(512);
export const MORE_LAST = room(4 * 10 * 4);
// Of these there are four sets: what is mixed.
export const CLASSES = 4 * 200 * 10;
export const CLASS = room(4 * CLASSES);
export const ZEROS = 4 * 1024;
export const ZERO_LEVEL = room(4 * ZEROS);
export const ABOVES = 4 * 10 * 80;
export const ABOVE = room(4 * ABOVES);

export const PROBABILITIES = next;

// Sets of weights.
export const CLASS_WEIGHTS = 0;
export const ZERO_WEIGHTS = 4 * 10;
export const ABOVE_WEIGHTS = ZERO_WEIGHTS + 4 * 7 * 11;
export const PHOTO_WEIGHTS = ABOVE_WEIGHTS + 4 * 10;
export const REFINE_WEIGHTS = PHOTO_WEIGHTS + PHOTO_SETS;
export const WEIGHTS = REFINE_WEIGHTS + PHOTO_SETS;
