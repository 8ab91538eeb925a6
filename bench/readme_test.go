package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmesCodeIsAProgram holds README's host and viewer equal to examples/smallest, which is built with everything else.
func TestReadmesCodeIsAProgram(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	program, err := os.ReadFile("../examples/smallest/main.go")
	require.NoError(t, err)
	_, code, found := strings.Cut(string(readme), "```go\n")
	require.True(t, found, "README shows no code")
	code, _, _ = strings.Cut(code, "```\n")
	require.Contains(t, string(program), code)
	require.LessOrEqual(t, strings.Count(code, "\n"), 32)
	require.LessOrEqual(t, strings.Count(string(readme), "\n"), 200)
}
