package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// README shows this program word for word.
func TestReadme(t *testing.T) {
	program, err := os.ReadFile("main.go")
	require.NoError(t, err)
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, body, _ := strings.Cut(string(program), "package main\n")
	require.Contains(t, string(readme), strings.TrimSpace(body))
}

func Example() {
	main()
	// Output:
	// 2×2
	// 35  49
	// 49  69
	// [10.1914 0.3671]
	// [0.9969]
}
