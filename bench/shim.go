//go:build darwin || linux

package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// built returns a shared object that a compiler makes of its arguments, and of
// the source text unless that is "", for this processor. It is kept in the
// user's cache folder, so that only the first run waits.
func built(name, compiler, source string, args ...string) (path string, err error) {
	program, err := exec.LookPath(compiler)
	if err != nil {
		return "", fmt.Errorf("no %s to build it with", compiler)
	}
	version, err := exec.Command(program, "-v").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s -v: %w", program, err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "lanes-bench")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	model, _ := processor()
	key := sha256.Sum256([]byte(strings.Join(append(args, source, string(version), model), "\x00")))
	path = filepath.Join(dir, fmt.Sprintf("%s-%x.so", name, key[:8]))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	return path, build(path, program, source, args)
}

// build writes path in one step, so that an interrupted run leaves no half file.
func build(path, program, source string, args []string) error {
	part, err := os.CreateTemp(filepath.Dir(path), "part-*.so")
	if err != nil {
		return err
	}
	part.Close()
	defer os.Remove(part.Name())
	cmd := exec.Command(program, append([]string{"-shared", "-fPIC", "-o", part.Name()}, args...)...)
	cmd.Stdin = strings.NewReader(source)
	if text, err := cmd.CombinedOutput(); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
		return fmt.Errorf("%s: %w: %s", program, err, first)
	}
	return os.Rename(part.Name(), path)
}

// anyFile returns the first of the files that exists.
func anyFile(files []string) (string, bool) {
	for _, f := range files {
		if _, err := os.Stat(f); err == nil {
			return f, true
		}
	}
	return "", false
}
