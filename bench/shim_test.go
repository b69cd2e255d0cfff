//go:build darwin || linux

package main

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is built once is found again; what cannot be built says why, and leaves
// nothing behind.
func TestBuilt(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no cc")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	args := []string{"-x", "c", "-"}
	path, err := built("answer", "cc", "int answer(void) { return 42; }", args...)
	require.NoError(t, err)
	lib, err := open(path)
	require.NoError(t, err)
	require.Equal(t, 42, lib.number("answer"))
	again, err := built("answer", "cc", "int answer(void) { return 42; }", args...)
	require.NoError(t, err)
	require.Equal(t, path, again)
	other, err := built("answer", "cc", "int answer(void) { return 43; }", args...)
	require.NoError(t, err)
	require.NotEqual(t, path, other)

	bad, err := built("bad", "cc", "int answer(void) {", args...)
	require.ErrorContains(t, err, "exit status 1")
	require.NoFileExists(t, bad)
	_, err = built("none", "no-such-compiler", "")
	require.ErrorContains(t, err, "no no-such-compiler")
}
