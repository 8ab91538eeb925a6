#!/usr/bin/env bash
# Bundles src into dist, which is committed and embedded: building the Go package needs neither this nor Node.
#   build.sh          writes dist anew
#   build.sh --check  fails when dist is not what src gives
set -euo pipefail
cd "$(dirname "$0")"
esbuild() { go run github.com/evanw/esbuild/cmd/esbuild@v0.28.1 --log-level=warning "$@"; }
out=dist
if [ "${1:-}" = --check ]; then
	out=$(mktemp -d)
	trap 'rm -r "$out"' EXIT
fi
esbuild src/first.ts --bundle --minify --format=iife --target=es2022 --outfile="$out/first.js"
esbuild src/thinpane.ts --bundle --minify --format=esm --target=es2022 --outfile="$out/thinpane.js"
cp src/api.d.ts "$out/thinpane.d.ts"
if [ "$out" != dist ]; then
	diff -rq "$out" dist || { echo "session/web/dist is not what session/web/src gives: run session/web/build.sh."; exit 1; }
fi
