#!/usr/bin/env bash
# Runs the TypeScript's tests with Node 20 or newer; needs no packages.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
go run github.com/evanw/esbuild/cmd/esbuild@v0.28.1 --log-level=warning test/*.test.ts --bundle --platform=node --format=esm --target=node20 --out-extension:.js=.mjs --outdir="$out"
node --test "$@" "$out"/*.mjs
