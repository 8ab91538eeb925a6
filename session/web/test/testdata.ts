import { join } from "node:path";

/** testdata is the folder of a Go package's vectors; the tests run in session/web. */
export const testdata = (pkg: string): string => join("../..", pkg, "testdata");
